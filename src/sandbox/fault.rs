//! One thing that goes wrong on demand, and how it is written.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::answer::Refusal;
use super::known;
use super::state::{SideDocument, State};
use crate::document::{Json, Path, Seg, json};

/// One thing that goes wrong, and when.
///
/// Written `OPERATION[/POOL][@N]:KIND[=ARGUMENT][~SHARE%][*TIMES]`: at every call of the operation (`*`: of
/// any), of that pool alone, from the Nth such call on, at that share of them by chance, at most so many
/// times.
///
/// [`KINDS`] says what each kind does.
///
/// A path that begins with `MfaConfig` is a place in the MFA document, one that begins with
/// `LogDeliveryConfiguration` a place in that of log delivery. Behind `Groups`, `ResourceServers`,
/// `UserPoolClients` and `IdentityProviders` follows the key of one document, as in
/// `Groups.admins.Precedence`. Any other path is a place in the pool. A JSON `null` removes the member.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(super) text: String,
    pub(super) operation: String,
    pub(super) pool: Option<String>,
    pub(super) from: u64,
    /// The share of calls that it applies to, from 0 to 1; `None` for all calls.
    pub(super) share: Option<f64>,
    pub(super) times: u64,
    pub(super) kind: FaultKind,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FaultKind {
    /// From the one up to the other, by chance.
    Latency(Duration, Duration),
    /// Nothing takes effect.
    Early(Early),
    /// It takes effect, but the answer does not arrive.
    Late(Late),
    AccessDenied,
    Move(FaultEdit),
    DriftAfter(FaultEdit),
    Ignore(FaultPlace),
    Refuse(String),
    Quote(String),
    Lag,
    Endless(Endless),
}

/// The token of a page that is never the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endless {
    /// Another one on each page.
    New,
    /// The same one on each page.
    Same,
}

/// How a call ends before it was looked at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Early {
    Cut,
    Html,
    Refusal(Refusal),
}

/// How an answer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    Cut,
    Truncate,
}

/// A place in one of a pool's documents.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FaultPlace {
    /// `None` for the pool's own document.
    side: Option<SideDocument>,
    path: Path,
}

/// A value that takes a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FaultEdit {
    place: FaultPlace,
    value: Json,
}

/// Why a text is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a fault: {reason} (write OPERATION[/POOL][@N]:KIND[=ARGUMENT][~SHARE%][*TIMES], as in `UpdateUserPool:throttle*2`)"
)]
pub struct FaultError {
    text: String,
    reason: String,
}

/// Every kind of fault as it is written, with an argument where it takes one, and what happens.
pub const KINDS: [(&str, &str); 16] = [
    ("throttle", "TooManyRequestsException"),
    ("latency=50ms", "the answer comes that much later, or 20..80ms"),
    ("cut-before", "the connection is cut and nothing took effect"),
    ("cut-after", "it took effect and the answer is lost"),
    ("truncate", "it took effect and the answer ends in the middle"),
    ("html-500", "a proxy's page instead of an answer"),
    ("error=NAME[/STATUS]", "that exception"),
    ("expired-token", "the answer of AWS to expired credentials"),
    ("access-denied", "the answer of AWS if a permission is missing"),
    ("move=PATH:JSON", "another writer changes PATH after a read or before a write"),
    ("drift-after=PATH:JSON", "PATH changes as a side effect of the write"),
    ("ignore=PATH", "the write is accepted, but PATH keeps its value"),
    ("refuse=MEMBER", "a request with that top-level member is refused"),
    ("quote=MEMBER", "the same, in words that quote the value of the member"),
    ("lag", "lists and writes do not see what the sandbox has made"),
    ("endless[=same]", "a list has no end; `same` repeats its `NextToken`"),
];

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.trim()).map_err(|reason| FaultError { text: text.to_owned(), reason })
    }
}

fn parse(text: &str) -> Result<Fault, String> {
    let (selector, what) =
        text.split_once(':').ok_or("a `:` between the operation and the kind is missing")?;
    let (selector, from) = match selector.split_once('@') {
        Some((selector, from)) => (selector, count(from, "after `@`")?),
        None => (selector, 1),
    };
    let (operation, pool) = match selector.split_once('/') {
        Some((operation, pool)) => (operation, Some(pool.to_owned())),
        None => (selector, None),
    };
    if operation != "*" && known::operation(operation).is_none() {
        return Err(format!("the sandbox has no operation `{operation}`"));
    }
    let (what, times) = match what.rsplit_once('*') {
        Some((what, times)) if times.bytes().all(|byte| byte.is_ascii_digit()) => {
            (what, count(times, "after `*`")?)
        }
        _ => (what, u64::MAX),
    };
    let (what, share) = match what.rsplit_once('~') {
        Some((what, text)) if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'%')) => {
            (what, Some(share(text)?))
        }
        _ => (what, None),
    };
    let (name, argument) = match what.split_once('=') {
        Some((name, argument)) => (name, Some(argument)),
        None => (what, None),
    };
    let kind = kind(name, argument)?;
    Ok(Fault { text: text.to_owned(), operation: operation.to_owned(), pool, from, share, times, kind })
}

fn share(text: &str) -> Result<f64, String> {
    let percent = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    let percent = percent.filter(|percent| *percent > 0.0 && *percent <= 100.0);
    percent
        .map(|percent| percent / 100.0)
        .ok_or_else(|| "after `~` a share above 0% and up to 100% is needed".to_owned())
}

fn count(text: &str, place: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| format!("{place} a number of at least 1 is needed"))
}

fn kind(name: &str, argument: Option<&str>) -> Result<FaultKind, String> {
    let early = |refusal| FaultKind::Early(Early::Refusal(refusal));
    let wanted = || argument.filter(|text| !text.is_empty()).ok_or(format!("`{name}` needs an argument"));
    let kind = match name {
        "latency" => return latency(wanted()?),
        "error" => return Ok(early(exception(wanted()?)?)),
        "move" => return Ok(FaultKind::Move(edit(wanted()?)?)),
        "drift-after" => return Ok(FaultKind::DriftAfter(edit(wanted()?)?)),
        "ignore" => return Ok(FaultKind::Ignore(place(wanted()?)?)),
        "quote" => return Ok(FaultKind::Quote(wanted()?.to_owned())),
        "refuse" => return Ok(FaultKind::Refuse(wanted()?.to_owned())),
        "endless" => return endless(argument).map(FaultKind::Endless),
        "lag" => FaultKind::Lag,
        "throttle" => early(Refusal::throttled()),
        "cut-before" => FaultKind::Early(Early::Cut),
        "cut-after" => FaultKind::Late(Late::Cut),
        "truncate" => FaultKind::Late(Late::Truncate),
        "html-500" => FaultKind::Early(Early::Html),
        "expired-token" => early(Refusal::new(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )),
        "access-denied" => FaultKind::AccessDenied,
        _ => {
            let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
            return Err(format!("`{name}` is not a kind of fault; the kinds are {}", kinds.join(", ")));
        }
    };
    if argument.is_some() { Err(format!("`{name}` takes no argument")) } else { Ok(kind) }
}

fn endless(argument: Option<&str>) -> Result<Endless, String> {
    match argument {
        None => Ok(Endless::New),
        Some("same") => Ok(Endless::Same),
        Some(other) => Err(format!("`endless` takes no argument but `same`, not `{other}`")),
    }
}

/// `50ms`, or `20..80ms`: where only the longest has a unit, it is the shortest's too.
fn latency(text: &str) -> Result<FaultKind, String> {
    let Some((least, most)) = text.split_once("..") else {
        return duration(text).map(|fixed| FaultKind::Latency(fixed, fixed));
    };
    let unit = most.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let bare = !least.ends_with(|c: char| c.is_ascii_alphabetic());
    let least = duration(&if bare { format!("{least}{unit}") } else { least.to_owned() })?;
    let most = duration(most)?;
    if least > most {
        Err(format!("`{text}` begins after its end"))
    } else {
        Ok(FaultKind::Latency(least, most))
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let seconds = match unit {
        "ms" => number.parse::<f64>().map(|number| number / 1000.0),
        "s" => number.parse(),
        _ => return Err(format!("`{text}` is not a duration such as 50ms or 2s")),
    };
    let duration = seconds.ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| format!("`{text}` is not a duration such as 50ms or 2s"))
}

fn exception(text: &str) -> Result<Refusal, String> {
    let (name, status) = match text.split_once('/') {
        Some((name, status)) => (name, Some(status)),
        None => (text, None),
    };
    let status = match status {
        None if matches!(name, "InternalErrorException" | "InternalServerException") => 500,
        None => 400,
        Some(status) => status
            .parse()
            .ok()
            .filter(|status| (400..600).contains(status))
            .ok_or_else(|| format!("`{status}` is not an error status (400 to 599)"))?,
    };
    Ok(Refusal { status, ..Refusal::new(name.to_owned(), "The sandbox was asked to fail like this.") })
}

/// A path may hold colons: the value begins after the first one that leaves JSON.
fn edit(text: &str) -> Result<FaultEdit, String> {
    let mut splits = text.match_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let (path, value) = splits
        .find_map(|(path, value)| Some((path, serde_json::from_str(value).ok()?)))
        .ok_or_else(|| format!("`{text}` is not PATH:JSON, as in `DeletionProtection:\"INACTIVE\"`"))?;
    Ok(FaultEdit { place: place(path)?, value })
}

fn place(text: &str) -> Result<FaultPlace, String> {
    let path: Path = text.parse().map_err(|error: crate::document::PathError| error.to_string())?;
    if path.segs().iter().any(|seg| !matches!(seg, Seg::Member(_))) {
        return Err(format!("`{text}` points into a list, and lists are moved whole"));
    }
    let side = SideDocument::ALL.into_iter().find(|side| path.head() == Some(side.member()));
    match (side, path.segs()) {
        (None, _) => Ok(FaultPlace { side, path }),
        (Some(side), [_]) => Err(format!("{} cannot be moved as a whole", side.name())),
        (Some(_), [_, inside @ ..]) => {
            let path = Path::root().extended(inside);
            Ok(FaultPlace { side, path })
        }
        (Some(_), []) => Err("a path is missing".to_owned()),
    }
}

impl FaultPlace {
    fn value(&self, state: &State) -> Option<Json> {
        match self.side {
            Some(side) => json::get(side.of(state)?, &self.path).cloned(),
            None => state.pool.at(&self.path).cloned(),
        }
    }

    fn put(&self, state: &mut State, value: Option<Json>) {
        match (self.side, value) {
            (Some(side), Some(value)) => json::set(side.of_mut(state), &self.path, value),
            (Some(side), None) => drop(json::remove(side.of_mut(state), &self.path)),
            (None, Some(value)) => state.pool.set(&self.path, value),
            (None, None) => drop(state.pool.remove(&self.path)),
        }
    }

    /// Puts back what `before` had here.
    pub(super) fn keep(&self, before: &State, after: &mut State) {
        self.put(after, self.value(before));
    }
}

impl FaultEdit {
    pub(super) fn apply(&self, state: &mut State) {
        self.place.put(state, Some(self.value.clone()).filter(|value| !value.is_null()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_fault_says_what_is_wrong_with_it() {
        for (text, reason) in [
            ("throttle", "a `:` between the operation and the kind is missing"),
            ("UpdateUserPol:throttle", "the sandbox has no operation `UpdateUserPol`"),
            (
                "UpdateUserPool:throtle",
                "`throtle` is not a kind of fault; the kinds are throttle, latency=50ms",
            ),
            ("ListGroups:endless=no", "`endless` takes no argument but `same`, not `no`"),
            ("UpdateUserPool:throttle=2", "`throttle` takes no argument"),
            ("UpdateUserPool:throttle*0", "after `*` a number of at least 1 is needed"),
            ("UpdateUserPool@x:throttle", "after `@` a number of at least 1 is needed"),
            ("UpdateUserPool:latency", "`latency` needs an argument"),
            ("UpdateUserPool:latency=5", "`5` is not a duration such as 50ms or 2s"),
            ("UpdateUserPool:latency=-5s", "`-5s` is not a duration such as 50ms or 2s"),
            ("UpdateUserPool:latency=20..", "`20` is not a duration such as 50ms or 2s"),
            ("UpdateUserPool:latency=80..20ms", "`80..20ms` begins after its end"),
            ("UpdateUserPool:cut-after~0%", "after `~` a share above 0% and up to 100% is needed"),
            ("UpdateUserPool:cut-after~101%", "after `~` a share above 0%"),
            ("UpdateUserPool:cut-after~5", "after `~` a share above 0%"),
            ("UpdateUserPool:cut-after~few", "`cut-after~few` is not a kind of fault"),
            ("UpdateUserPool:error=X/200", "`200` is not an error status (400 to 599)"),
            ("UpdateUserPool:move=A", "`A` is not PATH:JSON"),
            ("UpdateUserPool:move=A..B:1", "a name is missing"),
            ("UpdateUserPool:ignore=A[0]", "`A[0]` points into a list"),
            ("UpdateUserPool:ignore=MfaConfig", "the MFA document cannot be moved as a whole"),
            (
                "SetLogDeliveryConfiguration:ignore=LogDeliveryConfiguration",
                "the log delivery document cannot be moved as a whole",
            ),
            ("UpdateGroup:move=Groups:null", "the list of groups cannot be moved as a whole"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`{text}` is not a fault: ")) && error.contains(reason),
                "{error}"
            );
        }
    }
}
