//! Calls whose answers are read while they come in.

use gemini_schema::Lowered;
use serde::de::DeserializeOwned;

use super::Extract;
use crate::stream::{Begun, ElementStream, SnapshotStream, StreamCall, TextStream};
use crate::transport::BoxFuture;
use crate::{Client, Error, Result, trace};

/// Answers that are read while they come in (`streamGenerateContent`).
///
/// Attempts are made again as for any call, but only until the first response of a stream is
/// there. An answer that the model wants to continue (`CONTINUATION`) is asked for further with its
/// token, and all of it is one stream. The time for the whole call holds to the end of the stream, that for an attempt to its
/// first response. A model that is caught in a loop is cut off, with
/// [`ErrorKind::Loop`](crate::ErrorKind::Loop): by 4 KiB of nothing but white space or one number
/// outside a string, by 16 KiB of one string that repeat one text of up to 512 bytes, or by
/// 16 KiB that repeat one element of 256 to 512 bytes. Shorter elements may be equal as often as
/// they like; `max_items` bounds them.
///
/// Bad answers are not asked for again, as part of them is with you already: with
/// [`with_repair`](Self::with_repair) or [`with_validator`](Self::with_validator) a stream isn't
/// sent ([`ErrorKind::Request`](crate::ErrorKind::Request)).
impl<T> Extract<T> {
    /// Gives the elements of a list, each as soon as it closes, instead of the list.
    ///
    /// For types that are lists for serde and iterate over what serde reads as their elements:
    /// `Vec`, sets, `VecDeque`, arrays, a newtype of your own with `IntoIterator`. Each element is
    /// checked as in the whole list; too many elements are an error where the first of them
    /// closes, too few at the end. A set gives equal elements as often as they come. Of the answer
    /// no more than the current element is kept.
    ///
    /// # Errors
    ///
    /// As items of the stream: [`ErrorKind::Request`](crate::ErrorKind::Request) where the type is
    /// no list; [`ErrorKind::Violations`](crate::ErrorKind::Violations) or
    /// [`ErrorKind::InvalidJson`](crate::ErrorKind::InvalidJson) for one element, and the next
    /// still come; everything else ends the stream.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let mut cities = client.extract::<Vec<String>>("Name the cities of France.").stream();
    /// while let Some(city) = cities.next().await {
    ///     println!("{}", city?);
    /// }
    /// println!("{} tokens", cities.summary().usage.total_tokens);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> ElementStream<T::Item>
    where
        T: IntoIterator<Item: DeserializeOwned>,
    {
        ElementStream::new(self.begin(|lowered| match lowered.elements() {
            Some(_) => Ok(()),
            None => Err("the type is no list that can be streamed; `snapshots` takes any type"),
        }))
    }

    /// Gives the value as it grows, instead of only when it is whole.
    ///
    /// # Errors
    ///
    /// As the last item of the stream; without one, the last item is the whole value.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let mut story = client.extract::<String>("Tell a story.").snapshots();
    /// while let Some(snapshot) = story.next().await {
    ///     println!("{}", snapshot?.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn snapshots(self) -> SnapshotStream<T>
    where
        T: DeserializeOwned,
    {
        SnapshotStream::new(self.begin(|_| Ok(())))
    }

    /// Gives the text of the answer as the model writes it, piece by piece. It is not checked.
    ///
    /// # Errors
    ///
    /// As the last item of the stream.
    pub fn text(self) -> TextStream {
        TextStream::new(self.begin(|_| Ok(())))
    }

    /// Sends the call and waits for the first response.
    fn begin(
        self,
        check: fn(&Lowered) -> Result<(), &'static str>,
    ) -> BoxFuture<'static, Result<Begun>> {
        let Self { client, call, validators } = self;
        let is_validated = !validators.is_empty();
        Box::pin(async move {
            let client = client.map_or_else(Client::of_process, Ok)?;
            let pass = client.enter()?;
            let request = call.request(&client)?;
            let carried = request.carried().clone();
            let unusable = [
                (is_validated, "validators see whole values only; a stream has none"),
                (call.policies.repair.is_some(), "a stream is not asked for again"),
            ];
            let unusable =
                unusable.into_iter().filter_map(|(is_set, problem)| is_set.then_some(problem));
            let problems = check(&carried.lowered).err().into_iter().chain(unusable);
            let problems: Vec<String> = problems.map(str::to_owned).collect();
            if !problems.is_empty() {
                return Err(Error::request(problems));
            }
            let delivery = client.delivery(&call.policies).map_err(Error::request)?;
            let trail = client.trail(&delivery);
            let span = trace::span(&request, client.site());
            if client.is_content_traced() {
                trace::record_prompt(&span, request.body());
            }
            let (endpoint, load) = request.into_parts();
            let body = load.into_body().into();
            let call = StreamCall { client, pass, delivery, carried, trail, span, body };
            call.open((endpoint, None)).await
        })
    }
}
