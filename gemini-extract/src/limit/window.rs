//! Amounts over a sliding span of time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Amounts that come within this part of the span are counted together, as if all had come with
/// the last of them: the memory stays small, and nothing is forgotten too early.
const SLOTS: u32 = 256;

/// Keeps the sum of what was added within the last span of time, for any beginning of the span.
#[derive(Debug)]
pub(super) struct Window {
    span: Duration,
    most: u64,
    sum: u64,
    slots: VecDeque<Slot>,
    /// The number of the first slot, counted from the beginning.
    first: u64,
}

#[derive(Debug)]
struct Slot {
    opened: Instant,
    latest: Instant,
    amount: u64,
}

/// Where an amount is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    slot: u64,
    amount: u64,
}

impl Window {
    pub(super) fn new(span: Duration, most: u64) -> Self {
        Self { span, most, sum: 0, slots: VecDeque::new(), first: 0 }
    }

    /// How long it takes until this amount fits into the window at this pace. An amount that is
    /// larger than the window fits when the window is empty.
    pub(super) fn wait(&mut self, amount: u64, pace: f64, now: Instant) -> Duration {
        self.forget(now);
        let most = scaled(self.most, pace);
        let mut over = self.sum.saturating_add(amount.min(most)).saturating_sub(most);
        for slot in &self.slots {
            if over == 0 {
                break;
            }
            over = over.saturating_sub(slot.amount);
            if over == 0 {
                return (slot.latest + self.span).saturating_duration_since(now);
            }
        }
        Duration::ZERO
    }

    pub(super) fn add(&mut self, amount: u64, now: Instant) -> Entry {
        self.sum = self.sum.saturating_add(amount);
        let grain = self.span / SLOTS;
        match self.slots.back_mut() {
            Some(slot) if now.saturating_duration_since(slot.opened) < grain => {
                slot.latest = slot.latest.max(now);
                slot.amount = slot.amount.saturating_add(amount);
            }
            _ => self.slots.push_back(Slot { opened: now, latest: now, amount }),
        }
        let last = u64::try_from(self.slots.len()).unwrap_or(u64::MAX).saturating_sub(1);
        Entry { slot: self.first.saturating_add(last), amount }
    }

    /// Counts an entry with another amount, if it is still counted at all.
    pub(super) fn correct(&mut self, entry: Entry, amount: u64) {
        let Some(index) = entry.slot.checked_sub(self.first) else { return };
        let slot = usize::try_from(index).ok().and_then(|index| self.slots.get_mut(index));
        let Some(slot) = slot else { return };
        let corrected = |sum: u64| sum.saturating_sub(entry.amount).saturating_add(amount);
        slot.amount = corrected(slot.amount);
        self.sum = corrected(self.sum);
    }

    /// Forgets what lies a whole span back.
    fn forget(&mut self, now: Instant) {
        while let Some(slot) = self.slots.front()
            && now.saturating_duration_since(slot.latest) >= self.span
        {
            self.sum = self.sum.saturating_sub(slot.amount);
            self.slots.pop_front();
            self.first = self.first.saturating_add(1);
        }
    }
}

/// A limit at a pace between 0 and 1; never less than 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
pub(super) fn scaled(most: u64, pace: f64) -> u64 {
    if pace >= 1.0 { most } else { ((most as f64 * pace) as u64).max(1) }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Window;

    const SPAN: Duration = Duration::from_secs(60);

    #[test]
    fn amounts_leave_after_a_span() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::new(SPAN, 10);
        assert_eq!(window.wait(10, 1.0, at(0)), Duration::ZERO);
        window.add(6, at(0));
        window.add(4, at(10));
        assert_eq!(window.wait(1, 1.0, at(20)), Duration::from_secs(40));
        assert_eq!(window.wait(7, 1.0, at(20)), Duration::from_secs(50));
        assert_eq!(window.wait(99, 1.0, at(20)), Duration::from_secs(50), "as the whole");
        assert_eq!(window.wait(6, 1.0, at(60)), Duration::ZERO);
        assert_eq!(window.wait(7, 1.0, at(60)), Duration::from_secs(10));
        assert_eq!(window.wait(2, 0.5, at(60)), Duration::from_secs(10));
        assert_eq!(window.wait(1, 0.5, at(60)), Duration::ZERO);
    }

    #[test]
    fn corrections_count_while_the_entry_does() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::new(SPAN, 10);
        let first = window.add(10, at(0));
        window.correct(first, 4);
        assert_eq!(window.wait(6, 1.0, at(1)), Duration::ZERO);
        let second = window.add(6, at(1));
        assert_eq!(window.wait(6, 1.0, at(61)), Duration::ZERO);
        window.correct(first, 99);
        window.correct(second, 99);
        assert_eq!(window.wait(10, 1.0, at(61)), Duration::ZERO, "both are forgotten");
    }

    #[test]
    fn the_memory_is_bounded() {
        let start = Instant::now();
        let mut window = Window::new(SPAN, u64::MAX);
        for millisecond in 0..200_000 {
            let now = start + Duration::from_millis(millisecond);
            window.wait(1, 1.0, now);
            window.add(1, now);
        }
        assert!(window.slots.len() <= 257, "{}", window.slots.len());
        assert!((60_000..61_000).contains(&window.sum), "{}", window.sum);
    }
}
