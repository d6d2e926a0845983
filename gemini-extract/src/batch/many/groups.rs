//! Labels in groups, where one request can't choose among all of them.

use std::collections::HashMap;

/// What stands between the parts of names, the likeliest first.
const SEPARATORS: [&str; 8] = [" > ", "::", "/", ">", "\\", "|", ".", ":"];
/// Names have a separator in common where nine of ten have it.
const COMMON: (usize, usize) = (9, 10);
/// A group with more of the labels than this is no help.
const LARGEST: (usize, usize) = (7, 8);

/// What a request chooses among.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Branch {
    /// A label, by its place among all labels.
    Label(usize),
    Group(Group),
}

/// Labels that are chosen among later.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    /// Whether its name is what those of its labels begin with, so that it says what is in it.
    pub(super) is_named: bool,
    /// What is in it: the names of its labels and groups.
    pub(super) members: Vec<String>,
    pub(super) branches: Vec<Branch>,
}

/// A label, and where the part of its name begins that is looked at.
#[derive(Clone, Copy)]
struct Item<'a> {
    index: usize,
    name: &'a str,
    from: usize,
}

/// What the first request chooses among, where each can have so many branches, at least two.
///
/// Labels whose names have a separator in common are grouped by what stands before it, others by
/// their order: in as many groups as each has members, so that all requests are small.
pub(super) fn branches(names: &[&str], most: usize) -> Vec<Branch> {
    let items = names.iter().enumerate().map(|(index, name)| Item { index, name, from: 0 });
    split(&items.collect::<Vec<_>>(), most.max(2))
}

fn split(items: &[Item<'_>], most: usize) -> Vec<Branch> {
    let groups = if items.len() > most { by_separator(items) } else { None };
    let Some(groups) = groups else {
        let labels = items.iter().map(|item| (item.rest().to_owned(), Branch::Label(item.index)));
        return bundle(labels.collect(), most);
    };
    let branches = groups.into_iter().map(|(name, items)| match items.as_slice() {
        [only] => (only.rest().to_owned(), Branch::Label(only.index)),
        _ => {
            let members = items.iter().map(|item| item.rest().to_owned()).collect();
            let branches = split(&items, most);
            (name.clone(), Branch::Group(Group { name, is_named: true, members, branches }))
        }
    });
    bundle(branches.collect(), most)
}

/// Groups by what stands before a separator that the names have in common.
fn by_separator<'a>(items: &[Item<'a>]) -> Option<Vec<(String, Vec<Item<'a>>)>> {
    let groups = SEPARATORS.into_iter().filter_map(|separator| {
        let having = items.iter().filter(|item| item.rest().contains(separator)).count();
        let is_common = having.checked_mul(COMMON.1)? >= items.len().checked_mul(COMMON.0)?;
        is_common.then(|| grouped(items, separator))
    });
    groups.into_iter().find(|groups| {
        let largest = groups.iter().map(|(_, items)| items.len()).max().unwrap_or_default();
        let is_flat = largest.saturating_mul(LARGEST.1) <= items.len().saturating_mul(LARGEST.0);
        is_flat && groups.len().saturating_mul(2) <= items.len()
    })
}

fn grouped<'a>(items: &[Item<'a>], separator: &str) -> Vec<(String, Vec<Item<'a>>)> {
    let mut groups: Vec<(String, Vec<Item<'a>>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for item in items {
        let rest = item.rest();
        let end = rest.find(separator).unwrap_or(rest.len());
        let prefix = item.name.get(..item.from + end).unwrap_or(item.name);
        let place = *places.entry(prefix).or_insert(groups.len());
        if place == groups.len() {
            groups.push((prefix.to_owned(), Vec::new()));
        }
        let from = (item.from + end + separator.len()).min(item.name.len());
        if let Some((_, group)) = groups.get_mut(place) {
            group.push(Item { from, ..*item });
        }
    }
    groups
}

/// Branches with their names, put together by their order where there are too many.
fn bundle(branches: Vec<(String, Branch)>, most: usize) -> Vec<Branch> {
    let count = branches.len();
    if count <= most {
        return branches.into_iter().map(|(_, branch)| branch).collect();
    }
    let root = count.isqrt();
    let groups = if root * root < count { root + 1 } else { root };
    let size = count.div_ceil(groups.min(most));
    let (mut rest, mut bundles) = (branches.into_iter().peekable(), Vec::new());
    while rest.peek().is_some() {
        let part: Vec<_> = rest.by_ref().take(size).collect();
        let members: Vec<String> = part.iter().map(|(name, _)| name.clone()).collect();
        match (members.as_slice(), bundle(part, most)) {
            ([_], mut only) => bundles.append(&mut only),
            ([first, .., last], branches) => {
                let name = format!("{first} .. {last}");
                let group = Group { name, is_named: false, members, branches };
                bundles.push(Branch::Group(group));
            }
            ([], _) => {}
        }
    }
    bundles
}

impl Group {
    /// The places of all labels in it.
    pub(super) fn indexes(&self) -> Vec<usize> {
        let indexes = self.branches.iter().map(|branch| match branch {
            Branch::Label(index) => vec![*index],
            Branch::Group(group) => group.indexes(),
        });
        indexes.collect::<Vec<_>>().concat()
    }
}

impl<'a> Item<'a> {
    /// The part of its name that isn't that of its groups; all of it where nothing is left.
    fn rest(self) -> &'a str {
        self.name.get(self.from..).filter(|rest| !rest.is_empty()).unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Branch, Group, branches};

    fn labels(branches: &[Branch], most: usize, found: &mut Vec<usize>) {
        assert!(!branches.is_empty() && branches.len() <= most, "{branches:?}");
        for branch in branches {
            match branch {
                Branch::Label(index) => found.push(*index),
                Branch::Group(Group { members, branches, .. }) => {
                    assert!(branches.len() > 1 && members.len() > 1, "a choice of one");
                    labels(branches, most, found);
                }
            }
        }
    }

    fn depth(branches: &[Branch]) -> usize {
        let depths = branches.iter().map(|branch| match branch {
            Branch::Label(_) => 0,
            Branch::Group(group) => depth(&group.branches),
        });
        1 + depths.max().unwrap_or_default()
    }

    fn groups(branches: &[Branch]) -> Vec<(&str, usize)> {
        let groups = branches.iter().filter_map(|branch| match branch {
            Branch::Label(_) => None,
            Branch::Group(group) => Some((group.name.as_str(), group.members.len())),
        });
        groups.collect()
    }

    #[test]
    fn few_labels_are_not_grouped() {
        assert_eq!(branches(&["a/b", "a/c"], 2), [Branch::Label(0), Branch::Label(1)]);
    }

    #[test]
    fn names_with_a_separator_are_grouped_by_it() {
        for separator in ["/", ".", " > ", "::", ":"] {
            let names: Vec<String> = ["animal", "plant", "stone"]
                .iter()
                .flat_map(|kind| (0..4).map(move |n| format!("{kind}{separator}{n}")))
                .collect();
            let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
            names.push("other");
            let found = branches(&names, 5);
            assert_eq!(groups(&found), [("animal", 4), ("plant", 4), ("stone", 4)], "{separator}");
            assert_eq!(found[3], Branch::Label(12));
            let Branch::Group(animals) = &found[0] else { panic!("{found:?}") };
            assert_eq!(animals.members, ["0", "1", "2", "3"]);
        }
    }

    #[test]
    fn other_names_are_grouped_by_their_order() {
        let names: Vec<String> = (0..2_000).map(|n| format!("label {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = branches(&names, 250);
        assert_eq!((found.len(), depth(&found)), (45, 2));
        assert_eq!(groups(&found)[0], ("label 0 .. label 44", 45));
    }

    #[test]
    fn a_group_in_itself_is_no_chain() {
        let names: Vec<String> = (0..500).map(|n| "a/".repeat(n) + "x").collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(depth(&branches(&names, 20)) < 20);
    }

    proptest! {
        #[test]
        fn each_label_is_found_once(
            names in prop::collection::vec("[ab]{0,2}(/[a-d]{0,2}){0,3}", 1..200),
            most in 2_usize..40,
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let tree = branches(&names, most);
            let mut found = Vec::new();
            labels(&tree, most, &mut found);
            found.sort_unstable();
            prop_assert!(found.into_iter().eq(0..names.len()));
            prop_assert_eq!(tree, branches(&names, most));
        }
    }
}
