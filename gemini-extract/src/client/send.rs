//! One request to one answer: attempts, statuses, and failures that stand in the answer.

use bytes::Bytes;
use http::{HeaderMap, Method};
use tokio::runtime::Handle;

use super::{Attempt, Client, Delivered, Delivery, Parcel};
use crate::credentials::Credential;
use crate::error::{Fault, ServiceStatus};
use crate::request::{Endpoint, Load, Request, Site};
use crate::response::Answer;
use crate::secret::Secret;
use crate::trail::Trail;
use crate::transport::{Message, Reply, Transport};
use crate::{Error, ErrorKind, Result};

/// English text has four; other languages and JSON have less, but a body is more than its prompt.
const BYTES_PER_TOKEN: usize = 4;
/// So many continuations without any text are one too many.
pub(crate) const MOST_IDLE: u32 = 3;

impl Client {
    /// The endpoint of a model, or of the client's own.
    pub(crate) fn endpoint(&self, model: Option<&str>) -> Result<Endpoint, String> {
        let inner = &self.inner;
        match model {
            Some(model) => Endpoint::new(&inner.site, model),
            None => Ok(inner.endpoint.clone()),
        }
    }

    /// Whether prompts and answers may stand in traces.
    pub(crate) fn is_content_traced(&self) -> bool {
        self.inner.is_content_traced
    }

    /// The line to the service.
    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.inner.transport
    }

    /// The service, and where it is.
    pub(crate) fn site(&self) -> &Site {
        &self.inner.site
    }

    /// Sends a request, and asks for the rest of its answer where it comes in pieces; the answer
    /// is one that a value can be read from.
    pub(crate) async fn send(
        &self,
        request: Request,
        delivery: &Delivery,
        trail: &mut Trail,
    ) -> Result<Box<Answer>> {
        let (endpoint, load) = request.into_parts();
        let load = load.into_bytes();
        let first = self.send_once(endpoint, &load, delivery, trail).await?;
        let answer = match first.answer.continuation {
            // Rare, so that it takes no room in the future of every call.
            Some(_) => {
                let body = load.to(&first.endpoint);
                Box::pin(self.follow(first, body, delivery, trail)).await?
            }
            None => first.answer,
        };
        match answer.failure() {
            Some(kind) => Err(Error::of_answer(kind, *answer)),
            None => Ok(answer),
        }
    }

    /// Asks for the rest of an answer, piece by piece.
    async fn follow(
        &self,
        first: Delivered<Box<Answer>>,
        body: Bytes,
        delivery: &Delivery,
        trail: &mut Trail,
    ) -> Result<Box<Answer>> {
        let Delivered { mut answer, endpoint, .. } = first;
        // A token is of use to the model that gave it only.
        let alone = delivery.without_fallbacks();
        let mut idle = 0;
        while let Some(token) = answer.continuation.take() {
            trail.add_usage(answer.usage.take().as_ref());
            let load = Load::new(Bytes::from(continued(&body, &token)));
            let next = match self.send_once(endpoint.clone(), &load, &alone, trail).await {
                Ok(delivered) => delivered.answer,
                Err(error) => return Err(error.with_text(answer.text)),
            };
            idle = if next.text.is_empty() { idle + 1 } else { 0 };
            answer.append(*next);
            if answer.text.len() > self.inner.response_limit {
                let error = Error::fault(Fault::TooLarge(self.inner.response_limit), None);
                return Err(error.or_answer(|| *answer));
            }
            if idle == MOST_IDLE {
                return Err(Error::of_answer(ErrorKind::Stopped, *answer));
            }
        }
        Ok(answer)
    }

    async fn send_once(
        &self,
        endpoint: Endpoint,
        load: &Load<Bytes>,
        delivery: &Delivery,
        trail: &mut Trail,
    ) -> Result<Delivered<Box<Answer>>> {
        let runtime = Handle::try_current().map_err(|_| {
            Error::configuration(vec!["a call needs a Tokio runtime to run on".to_owned()])
        })?;
        let runtime = runtime.id();
        let (bytes, tokens) = (load.most_tokens(), load.about_tokens(estimate));
        let parcel = Parcel { endpoint, bytes, tokens, delivery };
        let one = |attempt: Attempt, credential: Credential| {
            let secret = credential.secret().clone();
            let message = Message {
                runtime,
                method: Method::POST,
                headers: HeaderMap::new(),
                body: load.to(&attempt.endpoint),
                url: attempt.endpoint.into_url(),
                credential,
                timeout: attempt.time,
                is_timeout_told: attempt.is_time_told,
            };
            let reply = self.inner.transport.send(message);
            async move { read_reply(&reply.await?, &secret) }
        };
        let mut delivered = Box::pin(self.deliver(parcel, trail, one)).await?;
        let (usage, version) =
            (delivered.answer.usage.take(), delivered.answer.model_version.take());
        self.answered(&mut delivered, (usage.as_ref(), version.as_deref()), trail);
        (delivered.answer.usage, delivered.answer.model_version) = (usage, version);
        Ok(delivered)
    }
}

/// Reads a whole response.
pub(crate) fn read_reply(reply: &Reply, secret: &Secret) -> Result<Box<Answer>> {
    let status = reply.status;
    if !status.is_success() {
        return Err(refusal(reply, secret));
    }
    Answer::read(&reply.body, secret).map(Box::new).map_err(|foreign| {
        let error = match ServiceStatus::read(&reply.body, secret) {
            Some(service) => {
                let meant = service.code().unwrap_or(status);
                Error::service(meant, service).with_retry_after(reply.retry_after)
            }
            None => Error::fault(Fault::NotTheApi, None),
        };
        error.with_status(status).with_usage(foreign.usage.map(|usage| *usage))
    })
}

/// A reply that is no success.
pub(super) fn refusal(reply: &Reply, secret: &Secret) -> Error {
    let service = ServiceStatus::read(&reply.body, secret).unwrap_or_default();
    Error::service(reply.status, service).with_retry_after(reply.retry_after)
}

/// A body that asks for what follows.
pub(crate) fn continued(body: &[u8], token: &str) -> Vec<u8> {
    let open = body.strip_suffix(b"}").unwrap_or(body);
    let field = format!(",\"continuationToken\":{}}}", serde_json::Value::from(token));
    [open, field.as_bytes()].concat()
}

/// About how many tokens a body has.
pub(super) fn estimate(body: &[u8]) -> u64 {
    u64::try_from(body.len() / BYTES_PER_TOKEN).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use crate::transport::{BoxFuture, Message, Reply, Transport};
    use crate::{Client, ErrorKind, Result};

    /// What was sent last, and how long it takes to answer it.
    #[derive(Clone, Debug, Default)]
    struct Script {
        answers_after: Duration,
        server_timeout: Arc<Mutex<Option<Duration>>>,
    }

    impl Transport for Script {
        fn send(&self, message: Message) -> BoxFuture<'_, Result<Reply>> {
            *self.server_timeout.lock().expect("not poisoned") =
                message.is_timeout_told.then_some(message.timeout);
            Box::pin(async {
                tokio::time::sleep(self.answers_after).await;
                let body = br#"{"candidates":[{"content":{"parts":[{"text":"7"}]}}]}"#.to_vec();
                Ok(Reply { body: body.into(), ..Reply::default() })
            })
        }
    }

    fn client(script: &Script, timeout: Option<Duration>) -> Client {
        let mut builder = Client::builder().api_key("key").base_url("http://127.0.0.1:9");
        if let Some(timeout) = timeout {
            builder = builder.with_timeout(timeout);
        }
        let script = script.clone();
        builder.build_on(|_, _| Ok(Box::new(script))).expect("a client")
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_has_ten_minutes_and_the_service_is_not_told() {
        for (minutes, is_in_time) in [(9, true), (11, false)] {
            let answers_after = Duration::from_secs(minutes * 60);
            let script = Script { answers_after, ..Script::default() };
            let result = client(&script, None).extract::<u8>("prompt").await;
            assert_eq!(result.is_ok(), is_in_time, "{minutes}");
            assert_eq!(*script.server_timeout.lock().expect("not poisoned"), None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_of_the_call_wins_over_the_client_s() {
        let script = Script { answers_after: Duration::from_secs(5), ..Script::default() };
        let client = client(&script, Some(Duration::from_secs(1)));
        let error = client.extract::<u8>("prompt").await.expect_err("a second is too short");
        assert_eq!(error.kind(), ErrorKind::Timeout);
        let told = || *script.server_timeout.lock().expect("not poisoned");
        assert_eq!(told(), Some(Duration::from_secs(1)));
        let longer = client.extract::<u8>("prompt").with_timeout(Duration::from_secs(6));
        assert_eq!(longer.await.ok(), Some(7));
        assert_eq!(told(), Some(Duration::from_secs(6)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_endless_time_is_fine() {
        let script = Script { answers_after: Duration::from_secs(1), ..Script::default() };
        let client = client(&script, Some(Duration::MAX));
        assert_eq!(client.extract::<u8>("prompt").await.ok(), Some(7));
    }
}
