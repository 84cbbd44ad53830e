//! The least IAM policy with which pools can be read, or applied and restored.

mod arn;
mod needs;
mod statement;

pub use arn::{PoolArn, UnknownAccount};
pub use needs::{Needs, Remark};
pub use statement::{MAX_SIZE, RETURNS_SECRETS, Reach, policy, secret_reads, size};
