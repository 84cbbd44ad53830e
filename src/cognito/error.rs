use crate::catalogue::Call;
use crate::document::url::without_userinfo;
use crate::document::{Path, strike};
use std::error::Error as StdError;
use std::fmt;

/// What sort of failure an [`CallError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A setting, a profile or a certificate file is wrong. Nothing was sent.
    Settings,
    /// There are no credentials, or the service does not take them.
    Credentials,
    /// The credentials are over. Nothing took effect.
    Expired,
    /// The identity lacks a permission.
    Denied,
    /// The pool does not exist there.
    NotFound,
    /// Another write was in progress. Read the pool again before writing.
    Conflict,
    /// The service asks to slow down.
    Throttled,
    /// The service refused the content of the request.
    Refused,
    /// The service refused the request because it does not yet see a document that was made just before.
    Unseen,
    /// No connection came about. Nothing was sent.
    Unreachable,
    /// The TLS handshake failed. Nothing was sent.
    Tls,
    /// The connection broke, or no answer came in time, after the request was sent.
    Lost,
    /// The service failed.
    Service,
    /// The answer cannot be read.
    Answer,
    /// A saved document is missing or is no document.
    Document,
}

/// Why a call, or the way to it, failed.
///
/// Its `Display` is one line that can follow `error: `. No text in it ever holds a credential, a
/// session token or a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct CallError(Box<Detail>);

#[derive(Clone, PartialEq, Eq)]
struct Detail {
    kind: ErrorKind,
    message: String,
    help: Option<String>,
    code: Option<String>,
    request_id: Option<String>,
    operation: Option<&'static str>,
    pool: Option<String>,
    document: Option<Path>,
    about: Vec<Path>,
}

/// The characters of a message that are shown. The longest of Cognito's that people quote have some hundred.
const LONGEST_MESSAGE: usize = 2000;

impl CallError {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Detail {
            kind,
            message: message.into(),
            help: None,
            code: None,
            request_id: None,
            operation: None,
            pool: None,
            document: None,
            about: Vec::new(),
        }))
    }

    /// Why a call was not sent.
    pub fn unsent(call: &'static Call, pool: &str, text: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(ErrorKind::Document, text).with_help(help).during(call.name, Some(pool))
    }

    /// The same with another remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    pub(super) fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    pub(super) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    pub(super) fn about(mut self, settings: Vec<Path>) -> Self {
        self.0.about = settings;
        self
    }

    /// The same with the call that failed, unless it is known to be one that was made for its sake.
    pub(super) fn during(mut self, operation: &'static str, pool: Option<&str>) -> Self {
        if self.0.operation.is_none() {
            self.0.operation = Some(operation);
            self.0.pool = pool.map(str::to_owned);
        }
        self
    }

    /// The same with the document of the pool that the call is about; `None` if its resource has one document.
    #[must_use]
    pub fn with_document(mut self, document: Option<Path>) -> Self {
        self.0.document = document;
        self
    }

    /// The same, with the settings that a refusal is about as settings of the document at `root`.
    #[must_use]
    pub fn within(mut self, root: &Path) -> Self {
        if root.is_root() {
            return self;
        }
        for path in &mut self.0.about {
            let inside = root.extended(path.segs());
            let quoted = |path: &Path| format!("`{path}`");
            self.0.help = self.0.help.take().map(|help| help.replace(&quoted(path), &quoted(&inside)));
            *path = inside;
        }
        self
    }

    /// The same as the cause of something wrong, which is said before it.
    pub(super) fn causing(mut self, wrong: &str) -> Self {
        self.0.message = format!("{wrong}: {}", self.0.message);
        self
    }

    /// The same without these texts, which must not be shown: the service quotes values that it refuses.
    pub fn without(mut self, secrets: &[String]) -> Self {
        self.0.message = strike(&self.0.message, secrets);
        self.0.help = self.0.help.map(|help| strike(&help, secrets));
        self
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The service's name of the exception, as `InvalidParameterException`, when it named one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What went wrong, without the operation and the pool; of a very long message its start.
    pub fn message(&self) -> &str {
        let message = &self.0.message;
        message.char_indices().nth(LONGEST_MESSAGE).map_or(message, |(end, _)| &message[..end])
    }

    /// The service's id of the request, when it answered.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The operation that failed; nothing when it did not come to one.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// The pool that it was about.
    pub fn pool(&self) -> Option<&str> {
        self.0.pool.as_deref()
    }

    /// The settings that a refusal is about, as far as the exception or its message tells.
    pub fn settings(&self) -> &[Path] {
        &self.0.about
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        self.0.help.clone()
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.operation, &self.0.pool) {
            // Its message names the pool.
            _ if self.0.kind == ErrorKind::NotFound => {}
            (Some(operation), Some(pool)) => {
                write!(f, "{operation} {pool}")?;
                match &self.0.document {
                    Some(document) => write!(f, " `{}`: ", without_userinfo(&document.to_string()))?,
                    None => f.write_str(": ")?,
                }
            }
            (Some(operation), None) => write!(f, "{operation}: ")?,
            (None, _) => {}
        }
        f.write_str(self.message())?;
        if self.message().len() < self.0.message.len() {
            f.write_str("…")?;
        }
        match (self.0.kind, &self.0.request_id) {
            (ErrorKind::Service | ErrorKind::Answer, Some(id)) => write!(f, " (request {id})"),
            _ => Ok(()),
        }
    }
}

/// As [`Display`](fmt::Display), so that a stray `{:?}` shows no more.
impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl StdError for CallError {}

/// The error and its causes, outermost first.
///
/// Unlike `source()`, looks into an `io::Error` too: TLS failures hide in one.
pub(super) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    })
}

/// The innermost cause, in one line.
pub(super) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    one_line(&chain(error).last().map(ToString::to_string).unwrap_or_default())
}

/// All causes from the outside in, in one line, without causes that carry no information.
pub(super) fn causes(error: &(dyn StdError + 'static)) -> String {
    const EMPTY_WORDS: [&str; 6] = [
        "dispatch failure",
        "service error",
        "other",
        "unhandled error",
        "an error occurred while loading credentials",
        "io error",
    ];
    let mut texts: Vec<String> = Vec::new();
    for text in chain(error).map(|cause| one_line(&cause.to_string())) {
        let said = texts.last().is_some_and(|last| last.contains(&text));
        if !text.is_empty() && !said && !EMPTY_WORDS.contains(&text.as_str()) {
            texts.retain(|earlier| !text.contains(earlier.as_str()));
            texts.push(text);
        }
    }
    texts.join(": ")
}

/// A foreign text as one line for a terminal: no control characters, no line ends, and no password in a URL.
pub(super) fn one_line(text: &str) -> String {
    let plain: String =
        without_userinfo(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_text_cannot_steer_the_terminal() {
        assert_eq!(one_line("red \u{1b}[31m\r\n  alert\u{7}"), "red [31m alert");
    }

    #[test]
    fn a_value_that_the_service_quotes_can_be_kept_out() {
        let error =
            CallError::new(ErrorKind::Refused, "Value 'geheim' at 'smsConfiguration.externalId' failed");
        let shown = error.without(&["geheim".to_owned(), "a".to_owned()]);
        assert_eq!(shown.message(), "Value '(sensitive)' at 'smsConfiguration.externalId' failed");
    }

    #[test]
    fn a_very_long_message_is_shown_by_its_start_without_a_part_of_a_secret() {
        let long = format!("{}geheim{}", "a".repeat(LONGEST_MESSAGE - 3), "b".repeat(5_000));
        let shown = CallError::new(ErrorKind::Refused, long).without(&["geheim".to_owned()]).to_string();
        assert_eq!(shown, format!("{}(se…", "a".repeat(LONGEST_MESSAGE - 3)));
    }

    #[test]
    fn the_settings_of_a_document_are_named_with_it() {
        let error = CallError::new(ErrorKind::Refused, "no")
            .with_help("every UpdateGroup sends `RoleArn` back: check it");
        let root = Path::members(["groups", "admins"]);
        let error = error.about(vec![Path::members(["RoleArn"])]).within(&root);
        assert_eq!(error.settings(), [root.member("RoleArn")]);
        assert_eq!(error.help().unwrap(), "every UpdateGroup sends `groups.admins.RoleArn` back: check it");
    }

    #[test]
    fn a_line_says_where_and_what() {
        let error = CallError::new(ErrorKind::Service, "InternalErrorException: try later")
            .with_request_id(Some("abc".into()))
            .during("DescribeUserPool", Some("eu-west-1_A"));
        assert_eq!(
            error.to_string(),
            "DescribeUserPool eu-west-1_A: InternalErrorException: try later (request abc)"
        );
        let error = CallError::new(ErrorKind::Refused, "no")
            .during("UpdateUserPoolClient", Some("eu-west-1_A"))
            .with_document(Some(Path::members(["clients", "web shop"])));
        assert_eq!(error.to_string(), r#"UpdateUserPoolClient eu-west-1_A `clients["web shop"]`: no"#);
    }
}
