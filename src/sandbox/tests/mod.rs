//! Stories over real HTTP.

mod client_refusals;
mod clients;
mod concurrency;
mod groups;
mod homes;
mod identity_providers;
#[cfg(unix)]
mod memory;
mod others;
mod pools;
mod refusals;
mod resource_servers;
mod wire;

use std::fs;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Running, SandboxOptions, start};
use crate::document::Json;

const POOL: &str = "eu-west-1_abc";

/// A sandbox with one rich pool, and a client of it.
struct Stage {
    sandbox: Running,
    dir: TempDir,
}

/// What came over the wire.
struct Heard {
    status: u16,
    head: String,
    text: String,
}

impl Heard {
    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl Stage {
    async fn with(change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let saved =
            json!({"UserPool": rich(), "MfaConfig": {"MfaConfiguration": "OFF", "NewFactor": {"x": 1}}});
        fs::write(dir.path().join(format!("{POOL}.json")), saved.to_string()).unwrap();
        let mut options = SandboxOptions::new(dir.path());
        change(&mut options);
        Self { sandbox: start(options).await.unwrap(), dir }
    }

    async fn plain() -> Self {
        Self::with(|_| {}).await
    }

    async fn failing(faults: &[&str]) -> Self {
        Self::with(|options| options.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect())
            .await
    }

    /// Sends a request unchanged; `None` if the connection is cut before the end of the answer.
    async fn send(&self, request: &str) -> Option<Heard> {
        let mut stream = TcpStream::connect(self.sandbox.addr()).await.unwrap();
        // A refusal may come, and the connection go, while the request is still being sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut heard = Vec::new();
        // A cut may come as a reset.
        let _ = stream.read_to_end(&mut heard).await;
        let heard = String::from_utf8(heard).unwrap();
        let (head, text) = heard.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let length: usize = head.split_once("content-length: ")?.1.lines().next()?.parse().unwrap();
        let status = head.split(' ').nth(1)?.parse().unwrap();
        (text.len() == length).then(|| Heard { status, head, text: text.to_owned() })
    }

    async fn signed(&self, credential: &str, operation: &str, body: &str) -> Option<Heard> {
        let length = body.len();
        self.send(&format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
             x-amz-target: AWSCognitoIdentityProviderService.{operation}\r\n\
             authorization: AWS4-HMAC-SHA256 Credential={credential}/aws4_request, SignedHeaders=host\r\n\
             content-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    async fn call(&self, operation: &str, body: Json) -> Option<Heard> {
        self.signed("AKIAIOSFODNN7EXAMPLE/20261123/eu-west-1/cognito-idp", operation, &body.to_string()).await
    }

    /// The answer of a call that succeeds.
    async fn done(&self, operation: &str, body: Json) -> Json {
        let heard = self.call(operation, body).await.unwrap();
        assert_eq!(heard.status, 200, "{}", heard.text);
        heard.json()
    }

    /// The exception and the message of a call that is refused.
    async fn refused(&self, operation: &str, body: Json) -> (String, String) {
        let sent = body.to_string();
        let heard = self.call(operation, body).await.unwrap();
        assert_ne!(heard.status, 200, "{sent} was taken");
        let text = |name: &str| heard.json()[name].as_str().unwrap().to_owned();
        (text("__type"), text("message"))
    }

    async fn pool(&self) -> Json {
        self.done("DescribeUserPool", json!({"UserPoolId": POOL})).await["UserPool"].clone()
    }

    async fn control(&self, method: &str, path: &str, body: &str) -> Heard {
        let length = body.len();
        let request = format!(
            "{method} /_sandbox/{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.send(&request).await.unwrap()
    }
}

fn rich() -> Json {
    json!({
        "Id": POOL,
        "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc",
        "Name": "customers",
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:f"},
        "LastModifiedDate": 1_700_000_000.123,
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "MfaConfiguration": "OFF",
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {"team": "identity", "aws:owner": "stack"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3},
        "UserPoolTier": "ESSENTIALS",
        "BrandNew": {"z": 1, "a": [{"deep": true}]}
    })
}
