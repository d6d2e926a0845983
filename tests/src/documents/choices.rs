//! Which way a document goes wherever there are several.

use crate::seed::Seed;

/// A place in a schema where there is something to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Site {
    part: usize,
    role: &'static str,
}

/// A choice that was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) site: Site,
    pub(super) chosen: usize,
    pub(super) of: usize,
}

/// Makes the choices: as a path says and then always the first, or by chance.
#[derive(Debug)]
pub(super) struct Choices {
    path: Vec<usize>,
    taken: Vec<Taken>,
    seed: Seed,
    is_random: bool,
    /// Whether choices are made by chance for now, and not written down.
    pub(super) is_free: bool,
}

impl Site {
    pub(super) fn new<T>(part: &T, role: &'static str) -> Site {
        let part = std::ptr::from_ref(part).addr();
        Site { part, role }
    }
}

impl Choices {
    pub(super) fn along(path: Vec<usize>) -> Choices {
        Choices {
            seed: Seed::of(&format!("{path:?}")),
            path,
            taken: Vec::new(),
            is_random: false,
            is_free: false,
        }
    }

    pub(super) fn by_chance(seed: Seed) -> Choices {
        Choices { path: Vec::new(), taken: Vec::new(), seed, is_random: true, is_free: false }
    }

    pub(super) fn taken(&self) -> &[Taken] {
        &self.taken
    }

    pub(super) fn pick(&mut self, site: Site, of: usize) -> usize {
        if self.is_random || self.is_free {
            return self.chance(of);
        }
        let planned = self.path.get(self.taken.len()).copied().unwrap_or(0);
        let chosen = planned.min(of.saturating_sub(1));
        self.taken.push(Taken { site, chosen, of });
        chosen
    }

    pub(super) fn chance(&mut self, of: usize) -> usize {
        self.seed.below(of)
    }
}
