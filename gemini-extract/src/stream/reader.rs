//! Elements out of the text of an answer, while it comes in pieces.

use std::sync::Arc;

use gemini_schema::{DecodeError, Lowered};
use serde::de::DeserializeOwned;

use super::guard::Guard;
use super::opening::{After, Before};
use super::scanner::{ScanError, Scanner};
use crate::response::decode_element;

/// Reads the elements of a list as they close.
#[derive(Debug)]
pub struct ElementReader {
    lowered: Arc<Lowered>,
    before: Before,
    after: After,
    scanner: Scanner,
    guard: Guard,
    /// What is wrong with what stands before the list.
    refused: Option<Problem>,
    /// What came last, and how much of it is read.
    piece: String,
    taken: usize,
    count: u64,
    is_over: bool,
}

/// Why there is no element.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// This element cannot be read; the next ones may. With its text.
    Element(DecodeError, String),
    /// The list has too many elements, or too few.
    List(DecodeError),
    /// The answer is no list.
    NotAList,
    /// The list doesn't end.
    CutShort,
    /// An element has more bytes than this.
    TooLarge(usize),
    /// The model repeats itself.
    Loop,
}

impl ElementReader {
    /// Reads answers to this schema; `None` if it is no list. An element may have `limit` bytes.
    #[must_use]
    pub fn new(lowered: Arc<Lowered>, limit: usize) -> Option<Self> {
        lowered.elements()?;
        Some(Self {
            lowered,
            before: Before::default(),
            after: After::default(),
            refused: None,
            scanner: Scanner::list(limit),
            guard: Guard::default(),
            piece: String::new(),
            taken: 0,
            count: 0,
            is_over: false,
        })
    }

    /// Takes the next piece of the text. The elements of the last one have to be taken before.
    pub fn push(&mut self, piece: &str) {
        let content = self.before.skip(piece).unwrap_or_else(|| {
            self.refused = Some(Problem::NotAList);
            ""
        });
        let words = piece.len() - content.len();
        // Words are one text, as far as a loop is concerned.
        if words > 0 && self.guard.push(piece.as_bytes().get(..words).unwrap_or_default(), true) {
            self.refused = Some(Problem::Loop);
        }
        self.piece.clear();
        self.piece.push_str(content);
        self.taken = 0;
    }

    /// The next element that has closed, or what is wrong with it; `None` if another piece is
    /// needed. Behind any other problem than [`Problem::Element`] there are no more.
    pub fn next_element<E: DeserializeOwned>(&mut self) -> Option<Result<E, Problem>> {
        if self.is_over {
            return None;
        }
        let read = self.refused.take().map_or_else(|| self.read(), Err);
        match read {
            Ok(result) => {
                result.map(|element| element.map_err(|(error, text)| Problem::Element(error, text)))
            }
            Err(problem) => {
                self.is_over = true;
                Some(Err(problem))
            }
        }
    }

    /// How many elements have closed.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The schema.
    pub(super) fn lowered(&self) -> Arc<Lowered> {
        Arc::clone(&self.lowered)
    }

    /// Judges the list as a whole when there are no more pieces.
    ///
    /// # Errors
    ///
    /// [`Problem`], if it doesn't end or has too few elements.
    pub fn finish(&self) -> Result<(), Problem> {
        if self.is_over {
            return Ok(());
        }
        if !self.scanner.is_at_end() {
            let is_begun = self.before.is_over();
            return Err(if is_begun { Problem::CutShort } else { Problem::NotAList });
        }
        let elements = self.lowered.elements();
        elements.map_or(Ok(()), |elements| elements.check_count(self.count).map_err(Problem::List))
    }

    fn read<E: DeserializeOwned>(&mut self) -> Result<Option<Read<E>>, Problem> {
        let mut input = self.piece.as_bytes().get(self.taken..).unwrap_or_default();
        let Some(elements) = self.lowered.elements() else { return Err(Problem::NotAList) };
        let element = self.scanner.advance(&mut input).map_err(|error| match error {
            ScanError::Syntax => Problem::NotAList,
            ScanError::TooLarge(limit) => Problem::TooLarge(limit),
        })?;
        self.taken = self.piece.len().saturating_sub(input.len());
        if let Some(element) = element {
            let index = self.count;
            self.count = self.count.saturating_add(1);
            if elements.max_count().is_some_and(|most| self.count > most) {
                elements.check_count(self.count).map_err(Problem::List)?;
            }
            // The pieces are text, and an element ends at a byte of its own.
            let text = str::from_utf8(element).map_err(|_| Problem::NotAList)?;
            let value = decode_element(elements, index, text);
            return Ok(Some(value.map_err(|error| (error, text.to_owned()))));
        }
        if !self.after.allows(input) {
            return Err(Problem::NotAList);
        }
        if self.guard.push(self.piece.as_bytes(), self.scanner.is_in_text()) {
            return Err(Problem::Loop);
        }
        self.piece.clear();
        self.taken = 0;
        Ok(None)
    }
}

/// An element, or what is wrong with it and its text.
type Read<E> = Result<E, (DecodeError, String)>;
