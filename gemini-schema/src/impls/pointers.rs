//! Smart pointers and cells: their contents stand alone.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use crate::{GeminiSchema, Generator, Schema};

macro_rules! pointers {
    ($($pointer:ty: [$($bound:tt)*]),* $(,)?) => {$(
        impl<T: GeminiSchema $($bound)*> GeminiSchema for $pointer {
            fn schema(generator: &mut Generator) -> Schema {
                T::schema(generator)
            }
        }
    )*};
}

pointers! {
    Box<T>: [+ ?Sized],
    Rc<T>: [+ ?Sized],
    Arc<T>: [+ ?Sized],
    Cow<'_, T>: [+ ToOwned + ?Sized],
    Cell<T>: [],
    RefCell<T>: [],
    Mutex<T>: [],
    RwLock<T>: [],
    Reverse<T>: [],
}
