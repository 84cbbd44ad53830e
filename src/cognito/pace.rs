//! How often calls are made: never faster than the quotas that a whole account shares, and more slowly
//! where the service asks for it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::{CallError, ErrorKind};
use super::{Rate, Retry};
use crate::catalogue::RateCategory;

/// Spreads calls over time, so that the quotas of one account in one Region are not used up.
///
/// All sessions that go there share one, whoever they call as: the service counts them together.
#[derive(Debug)]
pub struct Pace {
    rate: Rate,
    categories: [Bucket; RateCategory::ALL.len()],
    /// By operation and pool.
    pools: Mutex<HashMap<(&'static str, String), Arc<Bucket>>>,
}

impl Pace {
    /// Calls at this rate at most.
    ///
    /// # Errors
    /// A rate out of bounds.
    pub fn new(rate: Rate) -> Result<Self, CallError> {
        let rate = rate.checked().map_err(|why| {
            CallError::new(ErrorKind::Settings, format!("`--rate {rate}` is not valid")).with_help(why)
        })?;
        let now = Instant::now();
        let bucket =
            |category: RateCategory| Bucket::new(BucketLevel::of_category(category.quota(), rate, now));
        Ok(Self { rate, categories: RateCategory::ALL.map(bucket), pools: Mutex::default() })
    }

    /// Waits until a call may be made. Says beforehand for how long, and at how many calls a second, if
    /// it takes any time.
    pub(super) async fn turn(
        &self,
        category: RateCategory,
        operation: &'static str,
        pool: Option<&str>,
        waits: impl Fn(Duration, f64),
    ) {
        // First, or a call that waits for its pool would block calls to other pools.
        if let Some(bucket) = self.of_pool(category, operation, pool) {
            bucket.turn(&waits).await;
        }
        self.of(category).turn(&waits).await;
    }

    /// Slows down after the service has throttled a call; returns the calls per second from now on. `None` if the
    /// rate was already lowered for calls that were sent at the same time.
    pub(super) fn slow(&self, category: RateCategory) -> Option<f64> {
        self.of(category).level().slow(Instant::now())
    }

    fn of(&self, category: RateCategory) -> &Bucket {
        &self.categories[category as usize]
    }

    fn of_pool(
        &self,
        category: RateCategory,
        operation: &'static str,
        pool: Option<&str>,
    ) -> Option<Arc<Bucket>> {
        let quota = category.quota_of_pool()?;
        let share = self.rate.share_of(category.quota());
        let new = || Bucket::new(BucketLevel::of_pool(quota, share, Instant::now())).into();
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(pools.entry((operation, pool?.to_owned())).or_insert_with(new)))
    }
}

/// A token bucket and its queue of waiting calls.
#[derive(Debug)]
struct Bucket {
    level: Mutex<BucketLevel>,
    /// Held by whoever is next.
    next: tokio::sync::Mutex<()>,
    waiting: AtomicU32,
}

impl Bucket {
    fn new(level: BucketLevel) -> Self {
        Self { level: Mutex::new(level), next: tokio::sync::Mutex::default(), waiting: AtomicU32::new(0) }
    }

    fn level(&self) -> MutexGuard<'_, BucketLevel> {
        self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn turn(&self, waits: impl Fn(Duration, f64)) {
        // Waiting calls are served in order.
        if self.next.try_lock().is_ok_and(|_next| self.level().take(Instant::now()).is_none()) {
            return;
        }
        let waiting = QueuePlace::among(&self.waiting);
        let (time, rate) = self.level().outlook(waiting.place, Instant::now());
        waits(time, rate);
        let _next = self.next.lock().await;
        // The bucket may have been slowed down since.
        while let Some(time) = { self.level().take(Instant::now()) } {
            sleep(time).await;
        }
    }
}

/// A waiting call; it leaves the queue on drop.
struct QueuePlace<'a> {
    all: &'a AtomicU32,
    /// Its place among them, from 1.
    place: u32,
}

impl<'a> QueuePlace<'a> {
    fn among(all: &'a AtomicU32) -> Self {
        Self { all, place: all.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is in a token bucket. It fills with time, so that whoever wakes late finds what was earned.
#[derive(Debug)]
struct BucketLevel {
    /// Calls a second, unless it has been slowed down.
    full_rate: f64,
    /// Calls a second.
    rate: f64,
    most: f64,
    tokens: f64,
    filled: Instant,
    slowed: Option<Instant>,
}

/// Calls that were on their way together are turned away together: that counts once.
const TOGETHER: Duration = Duration::from_secs(1);
/// The part of its full rate below which nothing slows a bucket down.
const SLOWEST: f64 = 1.0 / 16.0;
/// The part of its full rate that a bucket gains back each second.
const RECOVERY: f64 = 1.0 / 20.0;

impl BucketLevel {
    /// A full bucket for calls to all pools.
    ///
    /// What it holds goes out at once: at most a second's calls, and at most half of what the service's own
    /// bucket holds, which is a second's quota and is used by production too. A rate beyond the quota is for
    /// an endpoint that has none.
    fn of_category(quota: f64, rate: Rate, now: Instant) -> Self {
        let rate = quota * rate.share_of(quota);
        Self::new(rate, rate.min(rate.max(quota) / 2.0).max(1.0), now)
    }

    /// A full bucket for the calls of one operation to one pool: the whole quota, since nobody else calls
    /// these at such a pace, and some of it at once.
    fn of_pool(quota: f64, share: f64, now: Instant) -> Self {
        let rate = quota * share.max(1.0);
        Self::new(rate, rate * 0.8, now)
    }

    fn new(rate: f64, most: f64, now: Instant) -> Self {
        Self { full_rate: rate, rate, most, tokens: most, filled: now, slowed: None }
    }

    fn fill(&mut self, now: Instant) {
        let time = now.saturating_duration_since(self.filled).as_secs_f64();
        let gain = self.full_rate * RECOVERY;
        let rising = time.min((self.full_rate - self.rate) / gain);
        let earned = (self.rate + gain * rising / 2.0) * rising + self.full_rate * (time - rising);
        self.rate = (self.rate + gain * rising).min(self.full_rate);
        self.tokens = (self.tokens + earned).min(self.most);
        self.filled = self.filled.max(now);
    }

    /// Takes a token; where there is none, the time until there may be one.
    fn take(&mut self, now: Instant) -> Option<Duration> {
        self.fill(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        // The timer has no finer resolution.
        Some(Duration::from_secs_f64((1.0 - self.tokens) / self.rate).max(Duration::from_millis(1)))
    }

    /// How long a call at this place in the queue, from 1, will wait, and the rate.
    fn outlook(&mut self, place: u32, now: Instant) -> (Duration, f64) {
        self.fill(now);
        let missing = (f64::from(place) - self.tokens).max(0.0);
        (Duration::from_secs_f64(missing / self.rate), self.rate)
    }

    /// Halves the rate, and pours away what is in: the service's own bucket is empty. The new rate, unless
    /// that was done a moment ago.
    fn slow(&mut self, now: Instant) -> Option<f64> {
        if self.slowed.is_some_and(|slowed| now.saturating_duration_since(slowed) < TOGETHER) {
            return None;
        }
        self.fill(now);
        self.slowed = Some(now);
        self.rate = (self.rate / 2.0).max(self.full_rate * SLOWEST);
        self.tokens = 0.0;
        Some(self.rate)
    }
}

/// How long to wait after this many failures of the same sort.
pub(super) fn backoff(retry: &Retry, failures: u32) -> Duration {
    let doubled = retry.first.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let longest = doubled.min(retry.longest);
    let chance = f64::from(RandomState::new().hash_one(failures) as u32) / f64::from(u32::MAX);
    longest.mul_f64(0.5 + chance / 2.0)
}

#[cfg(test)]
#[path = "pace_tests.rs"]
mod tests;
