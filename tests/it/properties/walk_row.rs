//! How a path is walked: its values, what a pool must have for them, and where they and `null` lead.

use serde_json::{Value as Json, json};

use End::{Absent, Conflict, Error, Holds, Is};

/// How one wish for a path ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// The pool has the value.
    Holds,
    /// The pool has nothing there.
    Absent,
    /// The pool has this instead.
    Is(Json),
    /// A conflict of this code; nothing is written.
    Conflict(&'static str),
    /// An error of this code in the manifest.
    Error(&'static str),
}

/// One path, and how it is set, changed and removed.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) path: &'static str,
    /// Good values: that which is set first, and those which it is changed to. For some there is only
    /// one.
    pub(crate) values: Vec<Json>,
    /// What the pool has before.
    pub(crate) live: Vec<(&'static str, Json)>,
    /// What is declared together with a value, since neither goes without the other.
    pub(crate) with: Vec<(&'static str, Json)>,
    /// What goes when the path is removed, besides what is shown twice.
    pub(crate) along: &'static [&'static str],
    pub(crate) set: End,
    pub(crate) change: End,
    pub(crate) null: End,
}

/// A setting that `null` takes away.
pub(crate) fn setting<const N: usize>(path: &'static str, values: [Json; N]) -> Row {
    let (live, with) = (Vec::new(), Vec::new());
    Row { path, values: values.into(), live, with, along: &[], set: Holds, change: Holds, null: Absent }
}

/// A setting that falls to a value.
pub(crate) fn falls_to<const N: usize>(path: &'static str, values: [Json; N], default: Json) -> Row {
    setting(path, values).null(Is(default))
}

/// A setting that falls to the second of its two values; from there is nothing to remove.
pub(crate) fn switch(path: &'static str, [on, off]: [Json; 2]) -> Row {
    falls_to(path, [on.clone(), off.clone(), on], off)
}

/// A setting that nothing takes away.
pub(crate) fn stays<const N: usize>(path: &'static str, values: [Json; N]) -> Row {
    setting(path, values).null(Conflict("impossible-removal"))
}

/// A setting that only a new pool takes.
pub(crate) fn fixed(path: &'static str, values: [Json; 2]) -> Row {
    stays(path, values).set(Conflict("immutable-field")).change(Conflict("immutable-field"))
}

/// A member that repeats another setting, and is none.
pub(crate) fn repeats(path: &'static str, values: [Json; 2]) -> Row {
    let error = Error("not-a-setting");
    setting(path, values).set(error.clone()).change(error.clone()).null(error)
}

impl Row {
    pub(crate) fn live(mut self, path: &'static str, value: Json) -> Self {
        self.live.push((path, value));
        self
    }

    pub(crate) fn with(mut self, path: &'static str, value: Json) -> Self {
        self.with.push((path, value));
        self
    }

    pub(crate) fn along(mut self, paths: &'static [&'static str]) -> Self {
        self.along = paths;
        self
    }

    pub(crate) fn set(mut self, end: End) -> Self {
        self.set = end;
        self
    }

    pub(crate) fn change(mut self, end: End) -> Self {
        self.change = end;
        self
    }

    pub(crate) fn null(mut self, end: End) -> Self {
        self.null = end;
        self
    }

    pub(crate) fn plus(self) -> Self {
        self.live("UserPoolTier", json!("PLUS"))
    }

    /// The pool's e-mail is sent by an Amazon SES identity.
    pub(crate) fn developer(self) -> Self {
        self.live("EmailConfiguration", json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": SES}))
    }

    pub(crate) fn sms(self) -> Self {
        self.live("SmsConfiguration", sender("sms"))
    }

    /// MFA is optional, and authenticator apps are a factor of it.
    pub(crate) fn optional(self) -> Self {
        self.mode("OPTIONAL").live("SoftwareTokenMfaConfiguration", json!({"Enabled": true}))
    }

    pub(crate) fn mode(self, mode: &str) -> Self {
        self.live("MfaConfiguration", json!(mode))
    }
}

pub(crate) const SES: &str = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";

pub(crate) fn function(name: &str) -> Json {
    json!(format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}"))
}

pub(crate) fn role(name: &str) -> Json {
    json!(format!("arn:aws:iam::111122223333:role/{name}"))
}

pub(crate) fn key(name: &str) -> Json {
    json!(format!("arn:aws:kms:eu-west-1:111122223333:key/{name}"))
}

pub(crate) fn identity(name: &str) -> Json {
    json!(format!("arn:aws:ses:eu-west-1:111122223333:identity/{name}"))
}

pub(crate) fn versioned(version: &str, name: &str) -> Json {
    json!({"LambdaVersion": version, "LambdaArn": function(name)})
}

/// SMS through Amazon SNS.
pub(crate) fn sender(name: &str) -> Json {
    json!({"SnsCallerArn": role(name), "SnsRegion": "eu-west-1"})
}

/// SMS through AWS End User Messaging.
pub(crate) fn messaging(name: &str) -> Json {
    json!({"CallerArn": role(name), "Region": "eu-west-1"})
}
