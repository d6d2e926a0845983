//! Text that matches a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::choices::{Choices, Site};

/// A text that the expression matches and the other rules of its node allow.
pub(super) fn matching(
    pattern: &Hir,
    choices: &mut Choices,
    fits: &dyn Fn(&str) -> bool,
) -> String {
    let mut text = drawn(pattern, choices);
    for _ in 0..200 {
        if fits(&text) {
            break;
        }
        let outer = std::mem::replace(&mut choices.is_free, true);
        text = drawn(pattern, choices);
        choices.is_free = outer;
    }
    text
}

fn drawn(pattern: &Hir, choices: &mut Choices) -> String {
    let mut text = String::new();
    draw(pattern, choices, &mut text);
    let looks = pattern.properties();
    let site = Site::new(pattern, "around");
    if looks.look_set().is_empty() {
        let around = ["", "é", " x "][choices.pick(site, 3)];
        text = format!("{around}{text}{around}");
    } else if !looks.look_set_prefix().contains(Look::Start) {
        text.insert_str(0, ["", "é\n"][choices.pick(site, 2)]);
    }
    text
}

fn draw(pattern: &Hir, choices: &mut Choices, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => {
            let edges = edges(class);
            let chosen = choices.pick(Site::new(pattern, "class"), edges.len());
            text.extend(edges.get(chosen));
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min + 3);
            let mut counts = vec![repetition.min, most];
            counts.extend((repetition.min + 1 < most).then_some(repetition.min + 1));
            let count = counts[choices.pick(Site::new(pattern, "times"), counts.len())];
            for _ in 0..count {
                draw(&repetition.sub, choices, text);
            }
        }
        HirKind::Capture(capture) => draw(&capture.sub, choices, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| draw(part, choices, text)),
        HirKind::Alternation(branches) => {
            let chosen = choices.pick(Site::new(pattern, "branch"), branches.len());
            draw(&branches[chosen], choices, text);
        }
    }
}

/// The first and the last character of each range of a class.
fn edges(class: &Class) -> Vec<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => {
            let ranges = class.ranges().iter();
            ranges.map(|range| (range.start(), range.end())).collect()
        }
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            ranges.map(|range| (range.start().into(), range.end().into())).collect()
        }
    };
    let middle = |(start, end): (char, char)| {
        char::from_u32(u32::midpoint(start.into(), end.into())).unwrap_or(start)
    };
    ranges.into_iter().take(8).flat_map(|range| [middle(range), range.0, range.1]).collect()
}
