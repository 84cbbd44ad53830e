use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a lock guards, even if a thread failed while it held the lock.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
