use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// The bucket that the service itself keeps: a full one holds a second's calls.
struct Service {
    quota: f64,
    tokens: f64,
    filled: Instant,
}

impl Service {
    fn new(quota: f64, now: Instant) -> Self {
        Self { quota, tokens: quota, filled: now }
    }

    fn takes(&mut self, now: Instant) -> bool {
        let earned = (now - self.filled).as_secs_f64() * self.quota;
        (self.tokens, self.filled) = ((self.tokens + earned).min(self.quota), now);
        self.tokens -= 1.0;
        self.tokens >= 0.0
    }
}

/// Takes a token, waking `late` after the time that was asked for, and says when.
fn taken(level: &mut BucketLevel, mut now: Instant, late: Duration) -> Instant {
    while let Some(wait) = level.take(now) {
        now += wait + late;
    }
    now
}

#[test]
fn at_once_goes_what_leaves_the_service_half_of_its_bucket() {
    let now = Instant::now();
    let at_once =
        |mut level: BucketLevel| std::iter::from_fn(|| level.take(now).is_none().then_some(())).count();
    for (rate, of_15, of_20) in [
        ("100%", 7, 10),
        ("50%", 7, 10),
        ("20%", 3, 4),
        ("1%", 1, 1),
        ("0.4", 1, 1),
        ("100", 50, 50),
        ("100000", 50_000, 50_000),
    ] {
        for (quota, expected) in [(15.0, of_15), (20.0, of_20)] {
            let level = BucketLevel::of_category(quota, rate.parse().unwrap(), now);
            assert_eq!(at_once(level), expected, "{rate} of {quota}");
        }
    }
    for (share, expected) in [(0.1, 4), (1.0, 4), (100.0, 400)] {
        assert_eq!(
            at_once(BucketLevel::of_pool(5.0, share, now)),
            expected,
            "one pool, {share} of the quota"
        );
    }
}

#[test]
fn calls_come_at_the_rate_and_no_later_however_late_their_callers_wake() {
    for (quota, percent, late) in
        [(15.0, 100.0, 0), (15.0, 100.0, 9), (20.0, 100.0, 40), (15.0, 50.0, 9), (15.0, 10.0, 70)]
    {
        let start = Instant::now();
        let mut level = BucketLevel::of_category(quota, Rate::Percent(percent), start);
        let (rate, at_once) = (level.rate, level.most.floor());
        let end = (0..300).fold(start, |now, _| taken(&mut level, now, Duration::from_millis(late)));
        let (took, ideal) = ((end - start).as_secs_f64(), (300.0 - at_once) / rate);
        assert!(
            (ideal - 1.0 / rate..ideal + 0.1).contains(&took),
            "{took} s in place of {ideal} s, {late} ms late"
        );
    }
}

#[test]
fn a_hundred_clients_of_a_pool_are_read_in_the_time_that_the_quota_takes() {
    let (start, category) = (Instant::now(), RateCategory::ClientRead);
    let (of_pool, of_all) = (category.quota_of_pool().unwrap(), category.quota());
    let rate = Rate::Percent(100.0);
    let mut pool = BucketLevel::of_pool(of_pool, rate.share_of(of_all), start);
    let mut all = BucketLevel::of_category(of_all, rate, start);
    let late = Duration::from_millis(9);
    let mut now = start;
    let end = (0..100).map(|_| {
        now = taken(&mut pool, now, late);
        taken(&mut all, now, late)
    });
    let (took, by_quota) = ((end.max().unwrap() - start).as_secs_f64(), 100.0 / of_pool);
    assert!((0.9..1.1).contains(&(took / by_quota)), "{took} s in place of {by_quota} s");
}

#[test]
fn at_the_quota_the_service_turns_nothing_away_whatever_pauses_there_are() {
    let start = Instant::now();
    let buckets = || {
        let of_category = |quota| (quota, BucketLevel::of_category(quota, Rate::Percent(100.0), start));
        [(5.0, BucketLevel::of_pool(5.0, 1.0, start)), of_category(15.0), of_category(20.0)]
    };
    for pause in [0, 30, 150, 700, 5000] {
        for (quota, mut level) in buckets() {
            let (mut now, mut service) = (start, Service::new(quota, start));
            for call in 0..300 {
                now = taken(&mut level, now, Duration::from_millis(3));
                assert!(service.takes(now), "call {call} of {quota} a second, with pauses of {pause} ms");
                if call % 20 == 19 {
                    now += Duration::from_millis(pause);
                }
            }
        }
    }
}

#[test]
fn a_throttle_halves_the_rate_once_for_all_that_were_on_their_way() {
    let start = Instant::now();
    let at = |millis| start + Duration::from_millis(millis);
    let mut level = BucketLevel::new(15.0, 7.5, start);
    assert_eq!(level.slow(at(0)), Some(7.5));
    assert_eq!(level.take(at(0)), Some(SECOND.div_f64(7.5)), "what was left is the service's");
    assert_eq!((level.slow(at(1)), level.slow(at(999))), (None, None));
    let again = level.slow(at(1000)).unwrap();
    assert!((4.0..4.2).contains(&again), "{again}");
    for second in 2..20 {
        level.slow(at(second * 1000));
    }
    assert!(level.rate >= 15.0 / 16.0, "it never comes to a stop");
}

#[test]
fn the_rate_comes_back_bit_by_bit_and_no_further_than_it_was() {
    for (seconds, rate) in [(0, 7.5), (1, 8.25), (5, 11.25), (10, 15.0), (1000, 15.0)] {
        let start = Instant::now();
        let mut level = BucketLevel::new(15.0, 7.5, start);
        level.slow(start);
        level.fill(start + SECOND * seconds);
        assert!((level.rate - rate).abs() < 1e-9, "{} after {seconds} s", level.rate);
    }
    // Seen often or seldom, the same was earned.
    let start = Instant::now();
    let earned = |step: u64| {
        let mut level = BucketLevel { most: 1e9, ..BucketLevel::new(15.0, 7.5, start) };
        level.slow(start);
        (1..=15_000 / step).for_each(|n| level.fill(start + Duration::from_millis(n * step)));
        level.tokens
    };
    assert!((earned(1) - earned(15_000)).abs() < 1e-6 && (earned(1) - 187.5).abs() < 1e-6, "{}", earned(1));
}

#[test]
fn whoever_waits_is_told_for_how_long_by_its_place() {
    let start = Instant::now();
    let mut level = BucketLevel::new(7.5, 7.5, start);
    while level.take(start).is_none() {}
    let waits = [1, 2, 8].map(|place| level.outlook(place, start).0.as_millis());
    assert_eq!(waits, [66, 200, 1000]);
    level.slow(start);
    assert_eq!(level.outlook(2, start), (SECOND.div_f64(1.875), 3.75));
}

#[test]
fn calls_of_one_kind_do_not_wait_for_those_of_another() {
    let pace = Pace::new(Rate::Calls(0.01)).unwrap();
    let now = || Instant::now() + SECOND;
    for category in RateCategory::ALL {
        assert_eq!(pace.of(category).level().take(now()), None, "{category:?}");
        assert!(pace.of(category).level().take(now()).is_some(), "{category:?}");
    }
    let of_pool =
        |operation, pool| pace.of_pool(RateCategory::ResourceUpdate, operation, Some(pool)).unwrap();
    let first = of_pool("SetUserPoolMfaConfig", "a");
    assert!(Arc::ptr_eq(&first, &of_pool("SetUserPoolMfaConfig", "a")));
    assert!(!Arc::ptr_eq(&first, &of_pool("SetUserPoolMfaConfig", "b")));
    assert!(!Arc::ptr_eq(&first, &of_pool("AddCustomAttributes", "a")));
    assert!(pace.of_pool(RateCategory::PoolRead, "DescribeUserPool", Some("a")).is_none());
}

#[tokio::test]
async fn those_who_wait_are_served_in_their_turn_and_feel_a_slowdown() {
    let pace = Pace::new(Rate::Calls(1000.0)).unwrap();
    let bucket = pace.of(RateCategory::PoolRead);
    while bucket.level().take(Instant::now()).is_none() {}
    let served = Mutex::new(Vec::new());
    let caller = |number: usize| {
        let served = &served;
        async move {
            bucket.turn(|_, _| {}).await;
            served.lock().unwrap().push(number);
        }
    };
    let slow = async { bucket.level().slow(Instant::now()).is_some() };
    let all = futures_util::future::join_all((0..20).map(caller));
    let started = Instant::now();
    assert!(tokio::join!(all, slow).1);
    assert_eq!(*served.lock().unwrap(), (0..20).collect::<Vec<_>>());
    // Twenty tokens at that rate: less time would mean that somebody went on as before.
    assert!(started.elapsed() >= Duration::from_millis(35), "{:?}", started.elapsed());
    assert_eq!(bucket.waiting.load(Ordering::Relaxed), 0);
}

#[test]
fn the_wait_grows_to_its_bound_and_differs_between_callers() {
    let retry = Retry { first: SECOND, longest: SECOND * 5, ..Retry::default() };
    for (failures, least, most) in [(1, 0.5, 1.0), (2, 1.0, 2.0), (3, 2.0, 4.0), (9, 2.5, 5.0)] {
        let wait = backoff(&retry, failures).as_secs_f64();
        assert!((least..=most).contains(&wait), "{wait} s after {failures} failures");
    }
    let waits: std::collections::BTreeSet<_> = (0..20).map(|_| backoff(&retry, 3)).collect();
    assert!(waits.len() > 1);
}
