//! What can be set about values that are choices.

use gemini_schema::Lowered;
use serde::de::DeserializeOwned;

use crate::batch::Batch;
use crate::batch::many::Choosing;
use crate::batch::voting::Voting;
use crate::batch::way::{Interactive, Way};
use crate::{Error, Result};

/// The most repeats of a record.
const MOST_VOTES: u32 = 100;
/// Enumerations of more labels were refused by the service.
const MOST_LABELS: usize = 100;
/// The most characters of all labels; it is the length of them all that makes a schema large.
const MOST_CHARACTERS: usize = 4_000;
/// So many codes have fewer characters than enumerations that were refused.
const LABELS_PER_REQUEST: usize = 250;
/// Less is no choice beside labels that stand for no answer.
const LEAST_PER_REQUEST: usize = 4;

/// When the labels of an enum are sent as short codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelCodes {
    /// Where there are more than 100 labels, or they have more than 4,000 characters in all: the
    /// service has been seen to refuse such a schema, without saying why.
    #[default]
    WhereNeeded,
    /// Always. For a type that is no enum of strings the batch doesn't start.
    Always,
    /// Never, whatever the service says.
    Never,
}

/// How values are chosen.
#[derive(Clone, Debug)]
pub(in crate::batch) struct Choices {
    /// How often each record is asked.
    pub(in crate::batch) votes: u32,
    label_codes: LabelCodes,
    /// The most labels or groups in a request.
    pub(in crate::batch) labels_per_request: usize,
}

/// How values are chosen.
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
    /// [`Outcome::votes`](crate::batch::Outcome::votes) tells the votes, and
    /// [`Progress::agreement`](crate::batch::Progress::agreement) how far repeats agree over all. An outcome has
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
        self.choices.votes = repeats;
        self
    }

    /// When the labels of an enum are sent as short codes; where there are too many, or they are
    /// too long, by default.
    ///
    /// The schema has the codes instead of the labels then, and the instruction goes on with a
    /// table of codes, labels and their descriptions. A code is turned back into its label before
    /// anything else sees it: outcomes, the [`journal`](Self::journal), the report, examples and
    /// validators know labels alone, and a run can be gone on with either way. A type that is an
    /// `Option` has a code for `null`. It is the whole value that is chosen so, no enum within an
    /// object.
    ///
    /// Where there are more than [`labels_per_request`](Self::labels_per_request), a record is
    /// asked in stages: first for a group of labels, then for the label in it. Labels with a
    /// separator in common, such as `a/b`, `a.b`, `a::b` and `a > b`, are grouped by what stands
    /// before it, and others by their order; each group is described by the names in it. `null`
    /// and the variant with `#[serde(other)]` stand beside the groups at every stage, so that the
    /// model can abstain there. An outcome has the tokens, cost and attempts of all its stages,
    /// and a failure says in which stage it was. Labels should have names that say what they are.
    ///
    /// Where codes are needed, [`pack`](Self::pack), [`via`](Self::via) and
    /// [`context_cache`](Self::context_cache) are refused when the batch starts.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client, goods: Vec<String>, words: Vec<String>) {
    /// use gemini_extract::Schema;
    /// use gemini_extract::batch::LabelCodes;
    ///
    /// // Thousands of them, such as "Food/Bread/Rye".
    /// let categories = Schema::enumeration(goods);
    /// let batch = client.batch_with::<String, _>(categories, words);
    /// let batch = batch.instruction("Which goods are these?").label_codes(LabelCodes::Always);
    /// println!("{}", batch.start().report().await);
    /// # }
    /// ```
    pub fn label_codes(mut self, codes: LabelCodes) -> Self {
        self.choices.label_codes = codes;
        self
    }

    /// The most labels, or groups of them, that a request chooses among; 250 by default, and 4 at
    /// least. More are asked for in stages, as [`label_codes`](Self::label_codes) says.
    pub fn labels_per_request(mut self, labels: usize) -> Self {
        self.choices.labels_per_request = labels;
        self
    }

    /// What is unusable about choices.
    pub(in crate::batch) fn choice_problems(&self) -> Vec<String> {
        let mut problems = self.vote_problems();
        if self.choices.labels_per_request < LEAST_PER_REQUEST {
            problems.push(format!("labels_per_request must be at least {LEAST_PER_REQUEST}"));
        }
        problems
    }

    /// That labels can be sent in the way that was asked for.
    pub(in crate::batch) fn check_labels(&self, lowered: &Lowered) -> Result<()> {
        let has_codes = self.choices.has_codes(lowered);
        let problem = match self.choices.label_codes {
            LabelCodes::Always if lowered.members().is_empty() => {
                "only the labels of an enum of strings can be sent as codes"
            }
            _ if has_codes && self.pack > 1 => {
                "packs have no codes for labels, of which there are too many to be sent as they \
                 are: leave the packs out, or try the labels with LabelCodes::Never"
            }
            _ if has_codes && self.api.is_some() => {
                "the Batch API is not asked for codes of labels, of which there are too many to \
                 be sent as they are: leave it out, or try the labels with LabelCodes::Never"
            }
            _ if has_codes && !self.context.is_off() => {
                "labels are sent as codes, of which there are too many to be sent as they are, and \
                 codes have no context cache: leave it out, or try the labels with \
                 LabelCodes::Never"
            }
            _ => return Ok(()),
        };
        Err(Error::request(vec![problem.to_owned()]))
    }

    /// Why repeats cannot be asked for.
    fn vote_problems(&self) -> Vec<String> {
        if self.choices.votes == 1 {
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
                !(1..=MOST_VOTES).contains(&self.choices.votes),
                format!("votes must be from 1 to {MOST_VOTES}"),
            ),
        ];
        checks.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, text)| text).collect()
    }
}

impl Choices {
    /// The way in which records are asked, where `plain` would do for a value of any kind.
    pub(in crate::batch) fn way<T>(&self, plain: Interactive<T>) -> Result<Box<dyn Way<T>>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let carried = plain.template.carried().clone();
        let way: Box<dyn Way<T>> = if self.has_codes(&carried.lowered) {
            Box::new(Choosing::new(plain, self)?)
        } else {
            Box::new(plain)
        };
        Ok(match self.votes {
            0 | 1 => way,
            repeats => Box::new(Voting { way, carried, repeats }),
        })
    }

    /// Whether labels are sent as codes.
    pub(in crate::batch) fn has_codes(&self, lowered: &Lowered) -> bool {
        let members = lowered.members();
        let characters = || members.iter().map(|member| member.value.chars().count()).sum();
        let most = MOST_LABELS.min(self.labels_per_request);
        match self.label_codes {
            LabelCodes::Never => false,
            LabelCodes::Always => !members.is_empty(),
            LabelCodes::WhereNeeded => members.len() > most || MOST_CHARACTERS < characters(),
        }
    }
}

#[cfg(test)]
impl Choices {
    /// Those with so many labels in a request.
    pub(in crate::batch) fn of_requests(labels_per_request: usize) -> Self {
        Self { labels_per_request, ..Self::default() }
    }
}

impl Default for Choices {
    fn default() -> Self {
        let (label_codes, labels_per_request) = (LabelCodes::default(), LABELS_PER_REQUEST);
        Self { votes: 1, label_codes, labels_per_request }
    }
}
