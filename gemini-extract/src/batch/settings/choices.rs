//! What can be set about values that are choices.

use crate::batch::Batch;

/// The most repeats of a record.
const MOST_VOTES: u32 = 100;

/// How sure each value is to be.
impl<T> Batch<T> {
    /// Asks each record this many times, and takes the value that most repeats give; once, the
    /// default, takes the first.
    ///
    /// Repeats are asked at the same time, and no more than can change the outcome: of five, three
    /// that agree are enough. Answers are the same where they are equal as JSON, whatever the order
    /// of keys; `null` and the variant with `#[serde(other)]` are votes like others. Where two
    /// answers have as many votes in the end, the one that was given first wins. A repeat that
    /// fails isn't made up for; where more than half of them fail the record does, with the first
    /// failure.
    ///
    /// [`Outcome::votes`](super::Outcome::votes) tells the votes, and
    /// [`Progress::agreement`](super::Progress::agreement) how far repeats agree over all. An outcome has
    /// the tokens, cost and attempts of all repeats, and a [`journal`](Self::journal) keeps it as
    /// one entry. Records with equal inputs still are asked together ([`dedupe`](Self::dedupe)).
    ///
    /// Repeats have to differ by chance: a [`temperature`](Self::temperature) or
    /// [`top_p`](Self::top_p) of 0, a [`top_k`](Self::top_k) of 1 and a [`seed`](Self::seed) are
    /// refused when the batch starts, and so are [`pack`](Self::pack) and [`via`](Self::via) beside
    /// it.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client, reviews: Vec<String>) {
    /// let batch = client.batch::<bool, _>(reviews).instruction("Is the review positive?");
    /// let mut run = batch.votes(5).start();
    /// while let Some(outcome) = run.next().await {
    ///     let agreement = outcome.votes.map_or(0.0, |votes| votes.agreement());
    ///     println!("{}\t{:?}\t{agreement:.2}", outcome.key, outcome.result.ok());
    /// }
    /// # }
    /// ```
    pub fn votes(mut self, repeats: u32) -> Self {
        self.votes = repeats;
        self
    }

    /// Why repeats cannot be asked for.
    pub(in crate::batch) fn vote_problems(&self) -> Vec<String> {
        if self.votes == 1 {
            return Vec::new();
        }
        let parameters = &self.call.parameters;
        let is_zero = |value: Option<f64>| value == Some(0.0);
        let same = "or all repeats of a record would be the same";
        let checks = [
            (is_zero(parameters.temperature), format!("votes need a temperature above 0, {same}")),
            (is_zero(parameters.top_p), format!("votes need a top_p above 0, {same}")),
            (parameters.top_k == Some(1), format!("votes need a top_k above 1, {same}")),
            (parameters.seed.is_some(), format!("votes can't have a seed, {same}")),
            (self.pack > 1, "votes and packs exclude each other: leave one of them out".to_owned()),
            (
                self.api.is_some(),
                "votes are asked at once: leave out the votes, or the Batch API".to_owned(),
            ),
            (
                !(1..=MOST_VOTES).contains(&self.votes),
                format!("votes must be from 1 to {MOST_VOTES}"),
            ),
        ];
        checks.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, text)| text).collect()
    }
}
