//! Types that contain themselves in every variant but one: no carrier follows references there, so
//! that they are written out.

use std::collections::BTreeMap;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Expression {
    Number(f64),
    Sum(Box<Expression>, Box<Expression>),
    Negation { of: Box<Expression> },
    Call(String, Vec<Expression>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "operator")]
enum Operation {
    Constant { value: f64 },
    Product { left: Box<Operation>, right: Box<Operation> },
    Minimum { of: Vec<Operation> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Plain {
    Text(String),
    List(Vec<Plain>),
    Members(BTreeMap<String, Plain>),
}

#[test]
fn expressions() {
    let number = || Box::new(Expression::Number(0.5));
    let called =
        Expression::Call("f".into(), vec![*number(), Expression::Call("g".into(), vec![])]);
    zoo::<Expression>()
        .values([*number(), Expression::Sum(number(), number()), called])
        .value(Expression::Negation { of: Box::new(Expression::Sum(number(), number())) })
        .everywhere();
    let constant = || Box::new(Operation::Constant { value: -1.0 });
    let minimum = Operation::Minimum { of: vec![*constant(), Operation::Minimum { of: vec![] }] };
    zoo::<Operation>()
        .value(Operation::Product { left: constant(), right: Box::new(minimum) })
        .everywhere();
    let members = [("a".to_owned(), Plain::List(vec![Plain::Text("b".into())]))];
    zoo::<Plain>().value(Plain::Members(members.into())).everywhere();
}
