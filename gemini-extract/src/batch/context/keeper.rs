//! The one who makes a cache, keeps it alive, and deletes it at the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

use super::super::job::Shared;
use super::account::Account;
use super::make::Refusal;
use super::note::{Kept, Notebook};
use super::service::{self, Service, is_gone};
use super::{Command, Context, ContextCache, View};
use crate::call::{Beginning, Call};
use crate::client::{Pass, Rules};
use crate::clock::race;
use crate::{Client, Error, Result};

/// When something is tried again that failed for now.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// When keeping a cache alive is tried again.
const SHORT_PAUSE: Duration = Duration::from_secs(30);
/// A cache that is lost sooner was of no use.
const SHORT_LIFE: Duration = Duration::from_secs(60);
/// So many of those, one after the other, are the last.
const STRIKES: u32 = 2;
/// Counted in the place of a record's prompt.
const FILLER: &str = ".";

/// What a batch says of its cache when it starts.
pub(in crate::batch) struct Start<'a> {
    pub(in crate::batch) client: &'a Client,
    pub(in crate::batch) call: &'a Call,
    pub(in crate::batch) policy: ContextCache,
    pub(in crate::batch) shared: &'a Arc<Shared>,
    pub(in crate::batch) rules: &'a Arc<Rules>,
    pub(in crate::batch) notebook: Option<Notebook>,
    pub(in crate::batch) crowd: Crowd,
}

/// Who would use a cache.
#[derive(Clone, Copy, Debug)]
pub(in crate::batch) struct Crowd {
    /// How many records are answered already, in a journal.
    pub(super) answered: u64,
    /// How many records go in one request.
    pub(super) pack: u64,
    /// How many requests are on their way at a time.
    pub(super) concurrency: u32,
}

/// Makes a cache, keeps it alive, and deletes it at the end.
pub(in crate::batch) struct Keeper {
    pub(super) service: Service,
    pub(super) call: Call,
    pub(super) policy: ContextCache,
    pub(super) crowd: Crowd,
    pub(super) account: Account,
    view: Arc<watch::Sender<View>>,
    commands: UnboundedReceiver<Command>,
    /// What all records have in common; `None` where there is nothing.
    pub(super) beginning: Option<Beginning>,
    pub(super) content: String,
    /// What an earlier start has left.
    pub(super) left: Option<Kept>,
    pub(super) made: u64,
    strikes: u32,
    /// The client isn't closed before the cache is deleted.
    _pass: Pass,
}

/// A cache that is there.
pub(super) struct Lease {
    pub(super) kept: Kept,
    pub(super) number: u64,
    pub(super) begun: Instant,
    /// When it is gone, if nothing is done.
    pub(super) expires: Instant,
    /// When something is done.
    pub(super) due: Instant,
}

/// How a cache ended.
enum Ended {
    /// Nobody needs it any more.
    Over,
    /// The service has it no more.
    Lost,
    /// There is to be none any more.
    GivenUp(String),
}

impl Crowd {
    pub(in crate::batch) fn new(answered: u64, pack: usize, concurrency: u32) -> Self {
        let pack = u64::try_from(pack).unwrap_or(u64::MAX).max(1);
        Self { answered, pack, concurrency }
    }
}

impl Keeper {
    /// Begins to keep the cache of a batch; nothing is sent before the first record is asked.
    /// `None` where nothing is to be done.
    pub(in crate::batch) fn start(start: Start<'_>) -> Result<Option<Context>> {
        let Start { client, call, policy, shared, rules, notebook, crowd } = start;
        let left = notebook.as_ref().and_then(Notebook::cache).cloned();
        if policy.is_off() && left.is_none() {
            return Ok(None);
        }
        let model =
            client.endpoint(call.model.as_deref()).map_err(|text| Error::request(vec![text]))?;
        let model = model.model().to_owned();
        let beginning =
            if policy.is_off() { None } else { call.beginning_of(client, &FILLER.into())? };
        let json = beginning.as_ref().map(|beginning| beginning.json.as_str());
        let price = client.prices().and_then(|prices| prices.of(&model, None)).cloned();
        let (shared, rules) = (Arc::clone(shared), Arc::clone(rules));
        let (sender, commands) = unbounded_channel();
        let first = if policy.is_off() { View::Off } else { View::Unmade };
        let view = Arc::new(watch::Sender::new(first));
        let context = Context {
            view: Arc::clone(&view),
            commands: sender,
            shared: Arc::clone(&shared),
            price: price.clone(),
        };
        let keeper = Self {
            service: Service::new(client.clone(), &call.policies),
            call: call.clone(),
            content: service::hash(&model, json.unwrap_or_default()),
            policy,
            crowd,
            account: Account { shared, rules, price, notebook, unnoted: 0.0 },
            view,
            commands,
            beginning,
            left,
            made: 0,
            strikes: 0,
            _pass: client.enter()?,
        };
        context.shared.followed_by(tokio::spawn(keeper.run()));
        Ok(Some(context))
    }

    async fn run(mut self) {
        self.clear_foreign().await;
        let mut is_asked = false;
        loop {
            if !is_asked && !self.is_asked().await {
                break;
            }
            is_asked = false;
            let (mut lease, live) = match self.make().await {
                Ok(made) => made,
                Err(Refusal { reason, may_pass }) => {
                    self.account.unused(reason);
                    self.view.send_replace(View::Off);
                    if !may_pass || !self.pause().await {
                        break;
                    }
                    self.view.send_replace(View::Unmade);
                    continue;
                }
            };
            self.view.send_replace(View::Ready(Arc::new(live)));
            let ended = self.keep(&mut lease).await;
            let is_over = !matches!(ended, Ended::Lost);
            self.end(&lease, ended).await;
            if is_over || self.strikes >= STRIKES {
                break;
            }
            is_asked = true;
        }
        self.view.send_replace(View::Off);
        if let Some(left) = self.left.take() {
            self.delete(&left).await;
        }
    }

    /// Waits until somebody asks for a cache; whether anybody does.
    async fn is_asked(&mut self) -> bool {
        loop {
            match self.commands.recv().await {
                Some(Command::Make) => return true,
                Some(Command::Lost(_) | Command::Unfit) => {}
                None => return false,
            }
        }
    }

    /// Waits for a while; whether anybody is still there then.
    async fn pause(&mut self) -> bool {
        let time = self.service.client().clock().sleep(PAUSE);
        let closed = async { while self.commands.recv().await.is_some() {} };
        race(closed, time).await.is_none()
    }

    /// Deletes what an earlier start has left that is of no use now.
    async fn clear_foreign(&mut self) {
        if let Some(left) = self.left.take_if(|left| left.content != self.content) {
            self.delete(&left).await;
        }
    }

    async fn delete(&mut self, left: &Kept) {
        match self.service.delete(&left.name).await {
            Ok(()) => self.account.note(None).await,
            Err(error) => tracing::warn!(%error, "a cache is not deleted; it expires by itself"),
        }
    }

    /// Keeps a cache alive until its end.
    async fn keep(&mut self, lease: &mut Lease) -> Ended {
        loop {
            let clock = self.service.client().clock();
            let time = clock.sleep(lease.due.saturating_duration_since(clock.now()));
            match race(self.commands.recv(), time).await {
                Some(None) => return Ended::Over,
                Some(Some(Command::Lost(number))) if number == lease.number => return Ended::Lost,
                Some(Some(Command::Unfit)) => return Ended::GivenUp(UNFIT.to_owned()),
                Some(Some(Command::Make | Command::Lost(_))) => {}
                None => {
                    if let Some(ended) = self.renew(lease).await {
                        return ended;
                    }
                }
            }
        }
    }

    /// Has a cache live on; how it ended where it doesn't.
    async fn renew(&mut self, lease: &mut Lease) -> Option<Ended> {
        let (now, ttl, tokens) =
            (self.service.client().clock().now(), self.policy.ttl(), lease.kept.tokens);
        let expires = now + ttl;
        let more = expires.saturating_duration_since(lease.expires);
        let cost = self.account.storage(tokens, more).unwrap_or_default();
        if !self.account.take(cost) {
            return Some(Ended::GivenUp(NO_ROOM.to_owned()));
        }
        match self.service.renew(&lease.kept.name, ttl).await {
            Ok(()) => {
                (lease.expires, lease.due) = (expires, now + ttl / 2);
                self.account.stored(tokens, more);
                self.account.note(Some(lease.kept.clone())).await;
                None
            }
            Err(error) => {
                self.account.give_back(cost);
                lease.due = self.service.client().clock().now() + SHORT_PAUSE;
                let is_lost = is_gone(&error) || lease.due >= lease.expires;
                is_lost.then_some(Ended::Lost)
            }
        }
    }

    /// Does the accounts of a cache at its end, and deletes it.
    async fn end(&mut self, lease: &Lease, ended: Ended) {
        let kept = &lease.kept;
        let _hold = self.account.rules.hold(0.0);
        match ended {
            Ended::Over => {}
            Ended::Lost => {
                self.view.send_replace(View::Making);
                let age =
                    self.service.client().clock().now().saturating_duration_since(lease.begun);
                self.strikes = if age < SHORT_LIFE { self.strikes + 1 } else { 0 };
                if self.strikes >= STRIKES {
                    self.account.unused(format!("{STRIKES} of them were lost at once"));
                }
            }
            Ended::GivenUp(reason) => {
                self.view.send_replace(View::Off);
                self.account.unused(reason);
            }
        }
        // One that is lost may only be out of reach for requests.
        if let Err(error) = self.service.delete(&kept.name).await {
            tracing::warn!(%error, "a cache is not deleted; it expires by itself");
            return;
        }
        let now = self.service.client().clock().now();
        self.account.unstored(kept.tokens, lease.expires.saturating_duration_since(now));
        self.account.note(None).await;
    }
}

pub(super) const NO_ROOM: &str = "the most that the batch may cost leaves no room for it";
const UNFIT: &str = "the service refuses requests with it that it takes without it";

impl Drop for Keeper {
    fn drop(&mut self) {
        // Nobody waits for one that is gone.
        self.view.send_replace(View::Off);
    }
}
