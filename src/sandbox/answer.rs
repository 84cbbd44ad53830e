//! What the service says no with.

use std::borrow::Cow;

use serde_json::json;

use crate::document::Json;

/// A refusal in the service's form: an exception's name, a sentence and an HTTP status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) exception: Cow<'static, str>,
    pub(super) message: String,
    pub(super) status: u16,
}

impl Refusal {
    pub(super) fn new(exception: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { exception: exception.into(), message: message.into(), status: 400 }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self { status: 500, ..Self::new("InternalErrorException", message) }
    }

    /// The answer to an operation that the sandbox lacks; its name is empty if the request has none.
    pub(super) fn unknown(operation: &str) -> Self {
        let first = match operation {
            "" => "The request names no operation: AWS JSON has it in `X-Amz-Target`, a form in `Action`."
                .to_owned(),
            _ => format!("The sandbox has no operation {operation}."),
        };
        let message = format!(
            "{first} It has the settings of Cognito user pools, and no users, sign-in or tokens. \
             GET /_sandbox/operations lists its operations."
        );
        Self::new("UnknownOperationException", message)
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    pub(super) fn no_pool(id: &str) -> Self {
        Self::missing(format!("User pool {id} does not exist."))
    }

    /// The wording is that of other services' throttling; Cognito's exception. **\[M\]**
    pub(super) fn throttled() -> Self {
        Self::new("TooManyRequestsException", "Rate exceeded")
    }

    /// The answer's body in AWS JSON.
    pub(super) fn body(&self) -> Json {
        json!({"__type": self.exception, "message": self.message})
    }
}
