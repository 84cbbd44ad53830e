//! Work of which each core does a part.

use std::num::NonZero;
use std::panic;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use futures_util::future::join_all;
use tokio::task::spawn_blocking;

/// The fewest items that are worth a thread.
const LEAST: usize = 16;
/// The parts of each core: a core that is slower, or has the longer items, takes fewer.
const PARTS: usize = 8;

/// The number of cores that this process may use; 1 if the system does not say.
pub(in crate::cli) fn number() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What `work` makes of each item, in the order of the items. Each core takes neighbouring items, some at a time.
///
/// The threads are the runtime's, which later work comes back to: memory that a thread lets go of is used again by that
/// thread alone.
pub(in crate::cli) async fn each<T: Send + 'static, R: Send + 'static>(
    items: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> Vec<R> {
    let cores = number().min(items.len() / LEAST).max(1);
    let size = items.len().div_ceil(cores * PARTS);
    let mut items = items.into_iter();
    let parts = std::iter::from_fn(move || Some(items.by_ref().take(size).collect::<Vec<T>>()));
    let parts = Mutex::new(parts.take_while(|part| !part.is_empty()).enumerate());
    let take = move || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
    let some = Arc::new(move || {
        let mut done = Vec::new();
        while let Some((place, part)) = take() {
            done.push((place, part.into_iter().map(&work).collect::<Vec<R>>()));
        }
        done
    });
    let tasks = (0..cores).map(|_| {
        let some = Arc::clone(&some);
        spawn_blocking(move || some())
    });
    let mut done = Vec::new();
    for ended in join_all(tasks).await {
        done.extend(ended.unwrap_or_else(|error| panic::resume_unwind(error.into_panic())));
    }
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().flat_map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_are_in_the_order_of_the_items_and_each_item_is_worked_on_once() {
        for count in [0, 1, 2 * LEAST - 1, 2 * LEAST, 1_000, 1_003] {
            let worked = Arc::new(Mutex::new(Vec::new()));
            let seen = Arc::clone(&worked);
            let results = each((0..count).collect(), move |item| {
                seen.lock().unwrap().push(item);
                item * 3
            })
            .await;
            assert_eq!(results, (0..count).map(|item| item * 3).collect::<Vec<_>>());
            let mut worked = std::mem::take(&mut *worked.lock().unwrap());
            worked.sort_unstable();
            assert_eq!(worked, (0..count).collect::<Vec<_>>());
        }
    }
}
