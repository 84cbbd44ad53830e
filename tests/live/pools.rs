//! Pools that are made, and unmade whatever happens: only by the ids that `CreateUserPool` gave.

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::thread::sleep;

use poolctl::document::{Json, Object};
use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::request::{TAG, at, complete, object, put};
use crate::wire::{Failure, Wire};

/// How the name of every pool begins.
pub(crate) const PREFIX: &str = "poolctl-live-";

/// How often a pool is read until it holds still.
const READS: u32 = 12;

/// The pools of one measurement. When it goes, they go, also when it goes by a panic.
pub(crate) struct Pools<'a> {
    wire: &'a Wire,
    say: &'a dyn Fn(&str),
    made: RefCell<Vec<String>>,
}

impl<'a> Pools<'a> {
    pub(crate) fn new(wire: &'a Wire, say: &'a dyn Fn(&str)) -> Self {
        Self { wire, say, made: RefCell::default() }
    }

    /// Makes a pool, and says at once what to do about it should this process not live to delete it.
    pub(crate) fn make(&self, purpose: &str) -> Result<Pool<'_>, Failure> {
        let name = name(purpose);
        let request = json!({"PoolName": name, "UserPoolTags": {TAG.0: TAG.1}});
        let made = self.wire.call("CreateUserPool", &request).inspect_err(|failure| {
            if matches!(failure, Failure::NoAnswer(_)) {
                (self.say)(&format!("a pool named {name} may have been made: look for it and delete it"));
            }
        })?;
        let id = at(&made, "UserPool.Id").and_then(Json::as_str);
        let id = id.ok_or_else(|| Failure::NoAnswer(format!("a pool named {name} has no id")))?.to_owned();
        self.made.borrow_mut().push(id.clone());
        (self.say)(&format!(
            "made {id} ({name}); should this end before it is deleted: \
             aws cognito-idp delete-user-pool --user-pool-id {id}"
        ));
        let pool = Pool {
            wire: self.wire,
            id,
            bare: Object::new(),
            dated: RefCell::default(),
            doubtful: Cell::new(false),
        };
        let bare = pool.describe()?;
        Ok(Pool { bare, ..pool })
    }

    /// Deletes every pool that was made, and says which are left and why.
    pub(crate) fn delete(&self) -> Vec<String> {
        let made = self.made.take();
        let failed = made.iter().filter_map(|id| Some((id, self.delete_one(id).err()?)));
        let left = failed.map(|(id, failure)| format!("{id} is left, delete it by hand: {failure}"));
        let left: Vec<String> = left.collect();
        left.iter().for_each(|line| (self.say)(line));
        if left.len() < made.len() {
            (self.say)(&format!("deleted {} of {} pools", made.len() - left.len(), made.len()));
        }
        left
    }

    fn delete_one(&self, id: &str) -> Result<(), Failure> {
        self.unprotect(id);
        match self.wire.call("DeleteUserPool", &json!({"UserPoolId": id})) {
            // An attempt before this one took effect.
            Err(failure) if failure.is("ResourceNotFoundException") => Ok(()),
            result => result.map(drop),
        }
    }

    /// A protected pool cannot be deleted. Whether this works, the deletion tells.
    fn unprotect(&self, id: &str) {
        let Ok(answer) = self.wire.call("DescribeUserPool", &json!({"UserPoolId": id})) else { return };
        let Some(Json::Object(pool)) = answer.get("UserPool") else { return };
        if pool.get("DeletionProtection") != Some(&json!("ACTIVE")) {
            return;
        }
        let mut body = complete(pool);
        put(&mut body, "UserPoolId", json!(id));
        put(&mut body, "DeletionProtection", json!("INACTIVE"));
        if self.wire.call("UpdateUserPool", &Json::Object(body)).is_err() {
            let least = json!({"UserPoolId": id, "DeletionProtection": "INACTIVE"});
            let _ = self.wire.call("UpdateUserPool", &least);
        }
    }
}

impl Drop for Pools<'_> {
    fn drop(&mut self) {
        self.delete();
    }
}

/// A name that nobody else has.
fn name(purpose: &str) -> String {
    let now = OffsetDateTime::now_utc();
    let date = now.format(format_description!("[year][month][day]-[hour][minute][second]")).unwrap();
    let chance = RandomState::new().build_hasher().finish() & 0xffff_ffff;
    format!("{PREFIX}{purpose}-{date}-{chance:08x}")
}

/// A pool of our own.
pub(crate) struct Pool<'a> {
    wire: &'a Wire,
    pub(crate) id: String,
    /// The pool as it was read right after it was made.
    pub(crate) bare: Object,
    /// When the pool was last written, as far as was read.
    dated: RefCell<Option<Json>>,
    /// Whether the pool's date stood still over the last update, so that what was read may be older.
    pub(crate) doubtful: Cell<bool>,
}

impl Pool<'_> {
    /// The account that the pool is in.
    pub(crate) fn account(&self) -> &str {
        at(&self.bare, "Arn").and_then(Json::as_str).and_then(|arn| arn.split(':').nth(4)).unwrap_or_default()
    }

    /// The pool as soon as two reads say the same.
    pub(crate) fn describe(&self) -> Result<Object, Failure> {
        self.settled("DescribeUserPool", "UserPool", |_| true)
    }

    /// The MFA document as soon as two reads say the same.
    pub(crate) fn mfa(&self) -> Result<Object, Failure> {
        self.settled("GetUserPoolMfaConfig", "", |_| true)
    }

    /// Sends an update, and reads the pool once its date has moved: before that, a read may be an old one.
    pub(crate) fn update(&self, mut body: Object) -> Result<Object, Failure> {
        body.insert("UserPoolId".to_owned(), json!(self.id));
        let before = self.dated.borrow().clone();
        self.wire.call("UpdateUserPool", &Json::Object(body))?;
        let new = |pool: &Object| pool.get("LastModifiedDate") != before.as_ref();
        let read = self.settled("DescribeUserPool", "UserPool", new)?;
        self.doubtful.set(!new(&read));
        Ok(read)
    }

    /// Sends an MFA configuration.
    pub(crate) fn set_mfa(&self, body: Json) -> Result<(), Failure> {
        let mut body = object(body);
        body.insert("UserPoolId".to_owned(), json!(self.id));
        self.wire.call("SetUserPoolMfaConfig", &Json::Object(body)).map(drop)
    }

    fn settled(
        &self,
        operation: &str,
        member: &str,
        new: impl Fn(&Object) -> bool,
    ) -> Result<Object, Failure> {
        let mut last: Option<Object> = None;
        for _ in 0..READS {
            sleep(self.wire.settle);
            let mut read = self.wire.call(operation, &json!({"UserPoolId": self.id}))?;
            if let Some(Json::Object(inner)) = read.get_mut(member) {
                read = std::mem::take(inner);
            }
            let still = last.as_ref() == Some(&read);
            let done = still && new(&read);
            last = Some(read);
            if done {
                break;
            }
        }
        let read = last.unwrap_or_default();
        if let Some(date) = read.get("LastModifiedDate") {
            *self.dated.borrow_mut() = Some(date.clone());
        }
        Ok(read)
    }
}
