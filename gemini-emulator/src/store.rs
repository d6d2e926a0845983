//! What clients leave with the emulator: files, caches, batches.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use crate::batches::Batches;
use crate::caches::Caches;
use crate::files::Files;
use crate::generate::{Random, fingerprint};

/// Everything that is kept for clients.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) files: Files,
    pub(crate) caches: Caches,
    pub(crate) batches: Batches,
}

/// Things with a name of their own, in the order in which they were made.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    things: BTreeMap<u64, T>,
    numbers: HashMap<String, u64>,
    last: u64,
}

impl Store {
    /// Forgets what has expired.
    pub(crate) fn forget(&mut self, now: SystemTime) {
        self.files.forget(now);
        self.caches.forget(now);
    }
}

impl<T> Shelf<T> {
    /// The number of the next thing.
    pub(crate) fn next(&self) -> u64 {
        self.last + 1
    }

    pub(crate) fn add(&mut self, id: String, thing: T) -> u64 {
        self.last += 1;
        self.numbers.insert(id, self.last);
        self.things.insert(self.last, thing);
        self.last
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.things.get(self.numbers.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.things.get_mut(self.numbers.get(id)?)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.things.remove(&self.numbers.remove(id)?)
    }

    /// The things and their numbers, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.things.iter().map(|(&number, thing)| (number, thing))
    }

    /// Takes away what is not kept, and tells whether there was any.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&T) -> bool) -> bool {
        let before = self.things.len();
        self.things.retain(|_, thing| is_kept(thing));
        let has_changed = self.things.len() < before;
        if has_changed {
            self.numbers.retain(|_, number| self.things.contains_key(number));
        }
        has_changed
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Shelf { things: BTreeMap::new(), numbers: HashMap::new(), last: 0 }
    }
}

/// A name for the thing of this number, the same for the same seed.
pub(crate) fn id(seed: u64, collection: &str, number: u64) -> String {
    let texts = [&seed.to_le_bytes()[..], collection.as_bytes(), &number.to_le_bytes()];
    format!("{:016x}", Random::new(fingerprint(texts)).next())
}
