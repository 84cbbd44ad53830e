//! Work of which each core does a part.

use std::num::NonZero;
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The fewest items that are worth a thread.
const LEAST: usize = 16;
/// The parts of each core: a core that is slower, or has the longer items, takes fewer.
const PARTS: usize = 8;

/// The number of cores that this process may use; 1 if the system does not say.
pub(in crate::cli) fn number() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What `work` makes of each item, in the order of the items. Each core takes neighbouring items, some at a time.
pub(in crate::cli) fn each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let most = items.len() / LEAST;
    let cores = if most > 1 { number().min(most) } else { 1 };
    if cores == 1 {
        return items.into_iter().map(work).collect();
    }
    let size = items.len().div_ceil(cores * PARTS);
    let mut items = items.into_iter();
    let parts = std::iter::from_fn(|| Some(items.by_ref().take(size).collect::<Vec<T>>()));
    let parts = Mutex::new(parts.take_while(|part| !part.is_empty()).enumerate());
    let take = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
    let some = || {
        let mut done = Vec::new();
        while let Some((place, part)) = take() {
            done.push((place, part.into_iter().map(&work).collect::<Vec<R>>()));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(some)).collect();
        let mut done = some();
        for other in others {
            done.extend(other.join().unwrap_or_else(|cause| panic::resume_unwind(cause)));
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().flat_map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items_and_each_item_is_worked_on_once() {
        for count in [0, 1, 2 * LEAST - 1, 2 * LEAST, 1_000, 1_003] {
            let worked = Mutex::new(Vec::new());
            let results = each((0..count).collect(), |item| {
                worked.lock().unwrap().push(item);
                item * 3
            });
            assert_eq!(results, (0..count).map(|item| item * 3).collect::<Vec<_>>());
            let mut worked = worked.into_inner().unwrap();
            worked.sort_unstable();
            assert_eq!(worked, (0..count).collect::<Vec<_>>());
        }
    }
}
