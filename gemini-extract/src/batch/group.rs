//! Records that are taken and asked together.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use super::entry::Told;
use super::job::{Job, Order, Supply};
use super::pack::{self, Elements, End, Packed};
use super::record::Record;
use super::source;
use super::way::{Asked, Question};
use crate::clock::race;
use crate::transport::BoxFuture;
use crate::{Error, ErrorKind};

/// How often a pack is filled up in place of records that needn't be asked.
const REFILLS: usize = 8;

/// A record as it was read.
pub(super) struct Arrived {
    pub(super) room: OwnedSemaphorePermit,
    pub(super) position: u64,
    pub(super) record: Record,
}

impl<T: DeserializeOwned + Send + 'static> Job<T> {
    /// Takes records and brings them to their outcomes until there are no more.
    pub(super) async fn work(self: Arc<Self>) {
        loop {
            let size = self.packing.as_ref().map_or(1, |packing| packing.pace.size());
            let Some(mut arrived) = self.take(size).await else { return };
            let mut orders = Vec::new();
            for _ in 0..REFILLS {
                for arrived in arrived {
                    orders.extend(self.prepare(arrived).await);
                }
                let room = size.saturating_sub(orders.len());
                if orders.is_empty() || room == 0 {
                    break;
                }
                arrived = self.at_hand(room);
            }
            Arc::clone(&self).ask_pack(orders).await;
        }
    }

    /// Waits for a record, and takes what comes soon with it, up to `most`; `None` at the end.
    pub(super) async fn take(&self, most: usize) -> Option<Vec<Arrived>> {
        let room = Arc::clone(&self.shared.rooms).acquire_owned().await.ok()?;
        let mut stopped = std::pin::pin!(self.shared.stopped.notified());
        stopped.as_mut().enable();
        let first = async {
            let mut supply = self.supply.lock().await;
            if supply.is_empty || self.shared.rooms.is_closed() {
                return None;
            }
            let record = supply.next_record().await;
            let first = self.arrive(&mut supply, record, room)?;
            Some((supply, vec![first]))
        };
        let (mut supply, mut arrived) = race(first, stopped).await.flatten()?;
        self.fill(&mut supply, most, &mut arrived);
        if let Some(packing) = self.packing.as_ref().filter(|_| arrived.len() < most) {
            let mut over = packing.linger();
            while arrived.len() < most
                && !supply.is_empty
                && let Ok(room) = Arc::clone(&self.shared.rooms).try_acquire_owned()
                && let Some(record) = race(supply.next_record(), &mut over).await
            {
                arrived.extend(self.arrive(&mut supply, record, room));
                self.fill(&mut supply, most, &mut arrived);
            }
        }
        Some(arrived)
    }

    /// Takes what is there without waiting, up to `most`.
    fn at_hand(&self, most: usize) -> Vec<Arrived> {
        let mut arrived = Vec::new();
        if let Ok(mut supply) = self.supply.try_lock() {
            self.fill(&mut supply, most, &mut arrived);
        }
        arrived
    }

    fn fill(&self, supply: &mut Supply, most: usize, arrived: &mut Vec<Arrived>) {
        // Whoever waits next for a record asks the source again, and is woken then.
        let mut context = Context::from_waker(Waker::noop());
        while arrived.len() < most && !supply.is_empty {
            let Ok(room) = Arc::clone(&self.shared.rooms).try_acquire_owned() else { return };
            let Poll::Ready(record) = Pin::new(&mut supply.source).poll_next(&mut context) else {
                return;
            };
            arrived.extend(self.arrive(supply, record, room));
        }
    }

    fn arrive(
        &self,
        supply: &mut Supply,
        record: Option<Record>,
        room: OwnedSemaphorePermit,
    ) -> Option<Arrived> {
        supply.is_empty = record.is_none();
        let record = record?;
        let position = supply.next;
        supply.next += 1;
        self.shared.tally().read(source::remaining(&supply.source));
        Some(Arrived { room, position, record })
    }

    /// Asks records in one request, and those that it gives no good value for again.
    fn ask_together(self: Arc<Self>, mut orders: Vec<Order>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let Some(packing) = &self.packing else { return self.ask_again(orders, 1).await };
            let count = orders.len();
            let questions: Vec<&Question> = orders.iter().map(|order| &order.question).collect();
            let packed = packing.ask(&questions).await;
            let shares = packed.shares(&questions);
            let Packed { result, spent } = packed;
            let is_first = |order: &&Order| order.spent.attempts == 0;
            let new = orders.iter().filter(is_first).count();
            self.shared.tally().packed(&spent, new, result.as_ref().ok());
            for (order, share) in orders.iter_mut().zip(shares) {
                order.spent.add(share);
            }
            let (again, end) = match result {
                Ok(elements) => {
                    let end = elements.end;
                    (self.settle_elements(orders, elements), end)
                }
                Err(error) if pack::is_of_one(error.kind()) => (orders, End::Cut),
                Err(error) => return self.fail_together(orders, error).await,
            };
            packing.pace.note(count.saturating_sub(again.len()), count);
            let size = match end {
                End::Whole => 1,
                End::Cut => packing.pace.size().min(count.div_ceil(2)),
            };
            self.ask_again(again, size).await;
        })
    }

    /// Settles the records of a pack that have a good value; those that haven't.
    fn settle_elements(self: &Arc<Self>, orders: Vec<Order>, elements: Elements) -> Vec<Order> {
        let mut again = Vec::new();
        for (mut order, value) in orders.into_iter().zip(elements.values) {
            let Some(json) = value else {
                again.push(order);
                continue;
            };
            let text = self.reader.text(json);
            match self.reader.value(&text) {
                Ok(value) => {
                    let spent = std::mem::take(&mut order.spent);
                    let asked = Asked::new(Ok((value, text)), spent);
                    again.extend(self.conclude(order, asked));
                }
                Err(_) => {
                    self.shared.tally().invalid_in_pack();
                    again.push(order);
                }
            }
        }
        again
    }

    /// All records of a pack have failed by what none of them can help.
    async fn fail_together(self: &Arc<Self>, orders: Vec<Order>, error: Error) {
        let told = Told::new(&error);
        let is_asked = error.kind() != ErrorKind::NotAsked;
        let copy = || if is_asked { told.error() } else { Error::plain(ErrorKind::NotAsked) };
        let mut first = Some(error);
        let mut waiting = Vec::new();
        for mut order in orders {
            let spent = std::mem::take(&mut order.spent);
            let asked = Asked::new(Err(first.take().unwrap_or_else(copy)), spent);
            waiting.extend(self.conclude(order, asked));
        }
        self.ask_again(waiting, 1).await;
    }

    /// Asks records in packs of up to this size, at the same time.
    async fn ask_again(self: &Arc<Self>, orders: Vec<Order>, size: usize) {
        let mut asking = JoinSet::new();
        let mut orders = orders.into_iter();
        while let Some(first) = orders.next() {
            let job = Arc::clone(self);
            let pack: Vec<Order> = std::iter::once(first)
                .chain(orders.by_ref().take(size.saturating_sub(1)))
                .collect();
            asking.spawn(async move { job.ask_pack(pack).await });
        }
        while let Some(ended) = asking.join_next().await {
            if let Err(error) = ended
                && let Ok(panic) = error.try_into_panic()
            {
                std::panic::resume_unwind(panic);
            }
        }
    }

    async fn ask_pack(self: Arc<Self>, mut orders: Vec<Order>) {
        if orders.len() > 1 {
            self.ask_together(orders).await;
        } else if let Some(order) = orders.pop() {
            self.ask(order).await;
        }
    }
}

impl Supply {
    async fn next_record(&mut self) -> Option<Record> {
        std::future::poll_fn(|context| Pin::new(&mut self.source).poll_next(context)).await
    }
}
