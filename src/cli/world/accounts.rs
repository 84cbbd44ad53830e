//! `accounts` in `poolctl.yaml`: as whom the pools of an account are read, and as whom they are written.

use std::collections::HashMap;

use crate::cli::world::frame::{mapping, meant};
use crate::cognito::Role;
use crate::manifest::yaml::{ScalarMeaning, Value, YamlEntry, YamlNode};
use crate::manifest::{Diagnostic, Origin, is_account, similar};

const KEYS: [&str; 4] = ["read", "write", "profile", "external-id"];
const HELP: &str =
    "write the account's 12 digits as a key, and below it `read: arn:aws:iam::111122223333:role/NAME`";

/// What a session is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::cli) enum Access {
    /// It is read, and nothing is written.
    Read,
    /// A plan is applied: the pool is read, written, and read again.
    Write,
}

/// As whom calls are made, as far as `poolctl.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::cli) struct Caller {
    /// The profile whose credentials are used, or assume the role, on a machine that has it.
    pub(in crate::cli) profile: Option<String>,
    /// The role that is assumed.
    pub(in crate::cli) role: Option<Role>,
    /// The account that the sandbox takes the caller for; `None` outside of the sandbox.
    pub(in crate::cli) sandbox_account: Option<String>,
}

/// The accounts that `poolctl.yaml` knows.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Accounts(HashMap<String, AccountAccess>);

#[derive(Clone, Debug, Default)]
struct AccountAccess {
    profile: Option<String>,
    read: Option<Role>,
    write: Option<Role>,
}

impl Accounts {
    /// As whom this account is called; nothing for one that the file does not know.
    ///
    /// A role that writes alone does both; see [`Accounts::only_reads`].
    pub(in crate::cli) fn caller(&self, account: &str, access: Access) -> Option<Caller> {
        let AccountAccess { profile, read, write } = self.0.get(account)?;
        let role = match access {
            Access::Read => read.as_ref().or(write.as_ref()),
            Access::Write => write.as_ref(),
        };
        Some(Caller { profile: profile.clone(), role: role.cloned(), sandbox_account: None })
    }

    /// Whether the file gives the account a role that reads and none that writes: then it is not to be written.
    pub(in crate::cli) fn only_reads(&self, account: &str) -> bool {
        self.0.get(account).is_some_and(|account| account.read.is_some() && account.write.is_none())
    }

    /// Reads the value of `accounts`; what is wrong with it is added to the findings.
    pub(in crate::cli) fn of(node: YamlNode, findings: &mut Vec<Diagnostic>) -> Self {
        let mut accounts = HashMap::new();
        for entry in mapping(node, "`accounts`", HELP, findings) {
            if !is_account(&entry.key) {
                let message = format!("`{}` is not an account id", entry.key);
                let error = Diagnostic::error("frame", message, entry.origin, "not 12 digits");
                error.help(HELP).add_to(findings);
                continue;
            }
            let account = account(&entry.key, &entry.origin, entry.value, findings);
            accounts.insert(entry.key, account);
        }
        Self(accounts)
    }
}

fn account(id: &str, origin: &Origin, node: YamlNode, findings: &mut Vec<Diagnostic>) -> AccountAccess {
    let (mut account, mut external_id) = (AccountAccess::default(), None);
    for entry in mapping(node, &format!("the account {id}"), HELP, findings) {
        let Some(text) = text(&entry, findings) else { continue };
        match entry.key.as_str() {
            "read" => account.read = role(text, id, origin, entry.value.origin, findings),
            "write" => account.write = role(text, id, origin, entry.value.origin, findings),
            "profile" => account.profile = Some(text),
            _ => external_id = Some((text, entry)),
        }
    }
    let Some((text, entry)) = external_id else { return account };
    if !is_external_id(&text) {
        let error = Diagnostic::error("role", "this is not an external id", entry.value.origin, "not valid");
        error.help("write 2 to 1224 letters, digits and `_+=,.@:/-`").add_to(findings);
    } else if account.read.is_none() && account.write.is_none() {
        let error = Diagnostic::error("role", "`external-id` is set without a role", entry.origin, "no role");
        error.help("add the role as `read` or `write`, or delete this line").add_to(findings);
    }
    for role in account.read.iter_mut().chain(&mut account.write) {
        role.external_id = Some(text.clone());
    }
    account
}

/// The text behind a key, if it is one of the keys and has one.
fn text(entry: &YamlEntry, findings: &mut Vec<Diagnostic>) -> Option<String> {
    let key = entry.key.as_str();
    if !KEYS.contains(&key) {
        let message = format!("unknown key `{key}` of an account");
        let error = Diagnostic::error("unknown-key", message, entry.origin.clone(), "unknown");
        let keys = format!("the keys are `{}`", KEYS.join("`, `"));
        error.help(meant(similar(key, KEYS), &keys)).add_to(findings);
        return None;
    }
    match &entry.value.value {
        Value::Scalar(scalar) if !matches!(scalar.meaning(), ScalarMeaning::Blank | ScalarMeaning::Null) => {
            Some(scalar.text.clone())
        }
        _ => {
            let message = format!("`{key}` takes one value");
            let error = Diagnostic::error("frame", message, entry.origin.clone(), "has none");
            error.help("write the value after the colon, or delete the line").add_to(findings);
            None
        }
    }
}

/// The role, if it can be one of this account.
fn role(arn: String, account: &str, of: &Origin, at: Origin, findings: &mut Vec<Diagnostic>) -> Option<Role> {
    match account_of_role(&arn) {
        Some(own) if own == account => return Some(Role { arn, external_id: None }),
        Some(own) => {
            let message = format!("the role is in account {own}, but is listed under account {account}");
            let error = Diagnostic::error("role", message, at, format!("in account {own}"));
            error.related(of.clone(), "listed under this account")
        }
        None => Diagnostic::error("role", format!("`{arn}` is not the ARN of a role"), at, "not a role"),
    }
    .help(format!("write a role of this account, such as arn:aws:iam::{account}:role/NAME"))
    .add_to(findings);
    None
}

/// The account of a role's ARN, if it is one.
fn account_of_role(arn: &str) -> Option<&str> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return None };
    let name = resource.strip_prefix("role/")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+=,.@/-".contains(c);
    let is_role = partition.starts_with("aws") && !name.ends_with('/') && !name.is_empty();
    (is_role && is_account(account) && name.chars().all(is_name)).then_some(account)
}

/// As STS takes it; from the API model of `AssumeRole`.
fn is_external_id(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
    (2..=1224).contains(&text.len()) && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_told_from_what_only_looks_like_one() {
        for arn in [
            "arn:aws:iam::111122223333:role/reader",
            "arn:aws-cn:iam::111122223333:role/ci/deep/reader",
            "arn:aws-us-gov:iam::111122223333:role/a+=,.@-_b",
        ] {
            assert_eq!(account_of_role(arn), Some("111122223333"), "{arn}");
        }
        for arn in [
            "",
            "reader",
            "arn:aws:iam::111122223333:user/reader",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/ci/",
            "arn:aws:iam::11112222333:role/reader",
            "arn:aws:sts::111122223333:assumed-role/reader/me",
            "arn:aws:iam:eu-west-1:111122223333:role/reader",
            "arn:aws:iam::111122223333:role/${var:name}",
            "arn:azure:iam::111122223333:role/reader",
        ] {
            assert_eq!(account_of_role(arn), None, "{arn}");
        }
    }
}
