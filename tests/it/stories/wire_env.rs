//! What the environment and the profiles do to a session: each case in a process of its own,
//! since a process cannot change its environment safely.

use std::path::Path;
use std::process::Command;

use poolctl::catalogue::RESOURCES;
use poolctl::cognito::{CallError, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::wire::{POOL, settings, silent};
use crate::harness::server::{Reply, Request, Server, nobody};

/// A self-signed certificate of nobody.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBjzCCATWgAwIBAgIUAjTvfF1TblStXdrFEVB1greA6SowCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRcG9vbGN0bCB0ZXN0IHJvb3QwIBcNMjYxMTIzMDgwODIwWhgP
MjEyNjEwMzAwODA4MjBaMBwxGjAYBgNVBAMMEXBvb2xjdGwgdGVzdCByb290MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0tUA77T5D3owqchEmBl7vArV6aw0o9G7
IQSMA9mFRQK2tB92pj7wpaKltsbp7gI21vwQlsPopk3tsLu3hOuYtaNTMFEwHQYD
VR0OBBYEFNOXmcCkHYQnhc4oEpsmSjTY3Y1gMB8GA1UdIwQYMBaAFNOXmcCkHYQn
hc4oEpsmSjTY3Y1gMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIg
E40b/YHjM/UyxYrvFij+844EeZZJkz5jxIej7ov8RTwCIQC/E9RZXdyKxBdWRYCv
DoGN7v5LenGSgVNu7DJy6YMXJg==
-----END CERTIFICATE-----
";

/// The environment and the settings of one session, and what it says in the end.
struct Case {
    home: tempfile::TempDir,
    env: Vec<(String, String)>,
}

impl Case {
    /// A home with this `~/.aws/config`, and nothing in the environment.
    fn new(config: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/config"), config).unwrap();
        let case = Self { home, env: Vec::new() };
        case.env("AWS_EC2_METADATA_DISABLED", "true")
    }

    fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Keys in the environment.
    fn keys(self, id: &str) -> Self {
        self.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", "secret-of-the-environment")
    }

    /// The setting `name`: `profile`, `endpoint_url`, `ca_bundle` or `sandbox`.
    fn setting(self, name: &str, value: impl Into<String>) -> Self {
        self.env(&format!("CASE_{name}"), value)
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// Opens a session in a process of this case, asks for the account and the pool, and returns
    /// what a user would read.
    async fn run(self) -> String {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "stories::wire_env::child", "--ignored", "--nocapture"]);
        command.env_clear().env("CASE", "1").env("HOME", self.path());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stdout}\n{stderr}");
        let said = stdout.split_once("said: ").unwrap_or_else(|| panic!("{stdout}\n{stderr}")).1;
        assert!(!said.contains("secret-of"), "{said}");
        said.split_once("\nend of it").unwrap().0.to_owned()
    }
}

#[test]
#[ignore = "the process that the other tests here start"]
fn child() {
    if std::env::var_os("CASE").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match runtime.block_on(ask()) {
        Ok(said) => println!("said: {said}\nend of it"),
        Err(error) => println!("said: {error}\nhelp: {}\nend of it", error.help().unwrap_or_default()),
    }
}

async fn ask() -> Result<String, CallError> {
    let setting = |name: &str| std::env::var(format!("CASE_{name}")).ok();
    let mut settings = settings("");
    settings.sandbox = setting("sandbox");
    settings.profile = setting("profile");
    settings.endpoint_url = setting("endpoint_url");
    settings.ca_bundle = setting("ca_bundle").map(Into::into);
    let session = Session::open(&settings, silent()).await?;
    let account = session.account().await?;
    session.reader().read(POOL, [RESOURCES[0]]).await?;
    Ok(format!("account {account}"))
}

/// A server that answers for Cognito and STS.
async fn aws() -> Server {
    Server::start(|_, request| match request.operation() {
        "" => Reply::ok(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        _ => Reply::ok(r#"{"UserPool":{"Id":"eu-west-1_a1B2c3D4E"}}"#),
    })
    .await
}

/// The address of a server that says something else than a TLS handshake to everyone.
async fn speaks_no_tls() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = [0; 64];
            stream.read_exact(&mut hello).await.unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    host
}

fn signed_by(request: &Request) -> &str {
    let authorization = request.header("authorization");
    authorization.split_once("Credential=").unwrap().1.split('/').next().unwrap()
}

#[tokio::test]
async fn an_odd_retry_setting_is_no_reason_to_crash() {
    for (name, value) in
        [("AWS_RETRY_MODE", "legacy"), ("AWS_MAX_ATTEMPTS", "abc"), ("AWS_MAX_ATTEMPTS", "0")]
    {
        let server = aws().await;
        let case = Case::new("").keys("AKIDENV").env("AWS_ENDPOINT_URL", &server.url).env(name, value);
        assert_eq!(case.run().await, "account 111122223333", "{name}={value}");
        assert!(server.requests().iter().all(|request| signed_by(request) == "AKIDENV"));
    }
}

#[tokio::test]
async fn a_profile_named_by_a_flag_wins_over_keys_in_the_environment() {
    let server = aws().await;
    let config = format!(
        "[profile prod]\naws_access_key_id = AKIDPROD\naws_secret_access_key = secret-of-prod\nendpoint_url = {}\n",
        server.url
    );
    let case = || Case::new(&config).keys("AKIDENV");

    assert_eq!(case().setting("profile", "prod").run().await, "account 111122223333");
    assert_eq!(case().env("AWS_PROFILE", "prod").run().await, "account 111122223333");

    let requests = server.requests();
    let signers: Vec<&str> = requests.iter().map(signed_by).collect();
    assert_eq!(signers, ["AKIDPROD", "AKIDPROD", "AKIDENV", "AKIDENV"]);
}

#[tokio::test]
async fn an_endpoint_setting_is_cognitos_alone() {
    let (cognito, everything) = (aws().await, aws().await);
    let case = Case::new("").keys("AKIDENV").env("AWS_ENDPOINT_URL", &everything.url);
    assert_eq!(case.setting("endpoint_url", &cognito.url).run().await, "account 111122223333");
    assert_eq!(cognito.requests()[0].operation(), "DescribeUserPool");
    assert_eq!((cognito.count(), everything.count()), (1, 1));
}

#[tokio::test]
async fn a_profile_that_wants_an_mfa_code_is_refused_with_a_way_out() {
    let config = "[profile base]\naws_access_key_id = A\naws_secret_access_key = B\n\
                  [profile admin]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\nmfa_serial = arn:aws:iam::1:mfa/me\n\
                  [profile deep]\nrole_arn = arn:aws:iam::1:role/y\nsource_profile = admin\n";
    let expected = |chosen: &str| {
        format!(
            "the profile `admin` has `mfa_serial`, and poolctl does not ask for MFA codes\n\
             help: let the AWS CLI ask: `eval \"$(aws configure export-credentials --profile {chosen} --format env)\"`, \
             then run poolctl without --profile (or `aws sts get-session-token` for keys with MFA)"
        )
    };
    assert_eq!(Case::new(config).env("AWS_PROFILE", "admin").run().await, expected("admin"));
    assert_eq!(Case::new(config).setting("profile", "deep").run().await, expected("deep"));

    // Keys that were exported as the remedy says are used.
    let server = aws().await;
    let case = Case::new(config).env("AWS_PROFILE", "admin").keys("AKIDENV");
    assert_eq!(case.env("AWS_ENDPOINT_URL", &server.url).run().await, "account 111122223333");
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_told_from_those_that_do() {
    let case = Case::new("[profile dev]\n[default]\n").setting("profile", "prd");
    assert_eq!(
        case.run().await,
        "the profile `prd` (--profile) does not exist\nhelp: use a profile of ~/.aws/config or ~/.aws/credentials: default, dev"
    );
    let case = Case::new("[profile prod]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = bse\n");
    assert_eq!(
        case.setting("profile", "prod").run().await,
        "the profile `bse` (source_profile of `prod`) does not exist\nhelp: use a profile of ~/.aws/config or ~/.aws/credentials: prod"
    );
    let case = Case::new("").env("AWS_PROFILE", "prd");
    assert_eq!(
        case.run().await,
        "the profile `prd` (AWS_PROFILE) does not exist\n\
         help: run `aws configure` to add a profile: ~/.aws/config has none"
    );
}

#[tokio::test]
async fn without_credentials_the_line_says_where_they_were_looked_for() {
    let said = Case::new("").run().await;
    assert_eq!(
        said,
        "GetCallerIdentity: no AWS credentials found: no keys in the environment, no profile, no role of a container or an instance\n\
         help: use a profile with --profile or AWS_PROFILE, sign in with `aws sso login` or `aws login`, \
         or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --sandbox needs no credentials"
    );
    let said = Case::new("[profile empty]\n").setting("profile", "empty").run().await;
    assert!(
        said.starts_with("GetCallerIdentity: no AWS credentials found: the profile `empty` has none\n"),
        "{said}"
    );
}

/// A profile with keys, whose `[services]` section sends each service elsewhere.
fn with_services(cognito: &str, sts: &str) -> String {
    format!(
        "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = secret-of-the-file\n\
         endpoint_url = http://127.0.0.1:1\nservices = local\n\
         [services local]\ncognito_identity_provider =\n  endpoint_url = {cognito}\nsts =\n  endpoint_url = {sts}\n"
    )
}

#[tokio::test]
async fn the_endpoint_of_the_services_section_is_honoured_under_its_documented_name() {
    let (cognito, sts, other) = (aws().await, aws().await, aws().await);
    let case = || Case::new(&with_services(&cognito.url, &sts.url));
    assert_eq!(case().run().await, "account 111122223333");
    assert_eq!((cognito.count(), sts.count()), (1, 1));
    assert_eq!(cognito.requests()[0].operation(), "DescribeUserPool");

    // The environment comes before the profile, and a flag before both.
    let variable = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
    assert_eq!(case().env(variable, &other.url).run().await, "account 111122223333");
    assert_eq!(case().setting("endpoint_url", &other.url).run().await, "account 111122223333");
    assert_eq!((cognito.count(), sts.count(), other.count()), (1, 3, 2));
}

#[tokio::test]
async fn an_endpoint_of_the_services_section_that_is_no_url_says_who_names_it() {
    let said = Case::new(&with_services("local:4566/", "http://127.0.0.1:1")).run().await;
    assert_eq!(
        said,
        "the endpoint `local:4566/` is not a URL\n\
         help: cognito_identity_provider of [services local] sets it: write a URL such as http://127.0.0.1:4566"
    );
}

#[tokio::test]
async fn an_address_of_container_credentials_that_is_no_url_says_who_names_it() {
    let address = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    let said = Case::new("").env(address, "127.0.0.1:9/credentials").run().await;
    assert_eq!(
        said,
        "the endpoint `127.0.0.1:9/credentials` is not a URL\n\
         help: AWS_CONTAINER_CREDENTIALS_FULL_URI sets it: write a URL such as http://169.254.170.23/v1/credentials"
    );
}

#[tokio::test]
async fn a_services_section_that_is_not_read_sends_no_call_to_amazon() {
    let said = Case::new(
        "[default]\nservices = local\n[services \"local\"]\nsts =\n  endpoint_url = http://127.0.0.1:1\n",
    );
    assert_eq!(
        said.keys("AKIDENV").run().await,
        "the profile `default` has `services = local`, but there is no section [services local]\n\
         help: add `[services local]` to ~/.aws/config, without quotes, or delete `services` from the profile"
    );
}

#[tokio::test]
async fn an_own_endpoint_needs_no_fips_variant() {
    let server = aws().await;
    for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
        let case = || Case::new("").keys("AKIDENV").env(variable, "true");
        let everything = case().env("AWS_ENDPOINT_URL", &server.url);
        assert_eq!(everything.run().await, "account 111122223333", "{variable}");
        let cognito = case().setting("endpoint_url", &server.url).env("AWS_ENDPOINT_URL_STS", &server.url);
        assert_eq!(cognito.run().await, "account 111122223333", "{variable}");
    }
    let profile = format!("[default]\nuse_fips_endpoint = true\nendpoint_url = {}\n", server.url);
    assert_eq!(Case::new(&profile).keys("AKIDENV").run().await, "account 111122223333");
}

#[tokio::test]
async fn a_fips_switch_that_aws_tools_would_read_as_off_is_refused() {
    let said = Case::new("").keys("AKIDENV").env("AWS_USE_FIPS_ENDPOINT", "1").run().await;
    assert_eq!(
        said,
        "AWS_USE_FIPS_ENDPOINT is `1`, which AWS tools treat as false\n\
         help: set AWS_USE_FIPS_ENDPOINT to true or to false"
    );
}

#[tokio::test]
async fn a_key_id_without_its_secret_does_not_pass_for_another_identity() {
    let config = "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = secret-of-the-file\n";
    let said = Case::new(config).env("AWS_ACCESS_KEY_ID", "AKIDENV").run().await;
    assert_eq!(
        said,
        "the environment has AWS_ACCESS_KEY_ID without AWS_SECRET_ACCESS_KEY\n\
         help: set AWS_SECRET_ACCESS_KEY too, or unset AWS_ACCESS_KEY_ID to use a profile or a role"
    );
    // A profile that is named needs no keys of the environment.
    let server = aws().await;
    let case = Case::new(config).env("AWS_ACCESS_KEY_ID", "AKIDENV").setting("profile", "default");
    assert_eq!(case.env("AWS_ENDPOINT_URL", &server.url).run().await, "account 111122223333");
    assert_eq!(signed_by(&server.requests()[0]), "AKIDFILE");
}

#[tokio::test]
async fn a_web_identity_in_the_environment_comes_before_the_keys_of_a_profile() {
    let server = Server::start(|_, request| match request.operation() {
        "" if request.text().contains("AssumeRoleWithWebIdentity") => Reply::ok(
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
             <AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>secret-of-the-role</SecretAccessKey>\
             <SessionToken>t</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials>\
             </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
        ),
        "" => Reply::ok(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        _ => Reply::ok(&format!(r#"{{"UserPool":{{"Id":"{POOL}"}}}}"#)),
    })
    .await;
    let config = "[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = secret-of-the-file\n";
    let case = || {
        let case = Case::new(config).env("AWS_ENDPOINT_URL", &server.url);
        let token = case.path().join("token");
        std::fs::write(&token, "token").unwrap();
        let role = "arn:aws:iam::111122223333:role/job";
        case.env("AWS_WEB_IDENTITY_TOKEN_FILE", token.display().to_string()).env("AWS_ROLE_ARN", role)
    };
    let signers = |from: usize| -> Vec<String> {
        let signed = |request: &Request| request.headers.contains_key("authorization");
        let requests = server.requests();
        requests[from..]
            .iter()
            .filter(|request| signed(request))
            .map(|one| signed_by(one).to_owned())
            .collect()
    };
    assert_eq!(case().run().await, "account 111122223333");
    assert_eq!(signers(0), ["AKIDROLE", "AKIDROLE"]);
    let from = server.count();
    assert_eq!(case().keys("AKIDENV").run().await, "account 111122223333");
    assert_eq!(case().setting("profile", "default").run().await, "account 111122223333");
    assert_eq!(signers(from), ["AKIDENV", "AKIDENV", "AKIDFILE", "AKIDFILE"]);
}

#[tokio::test]
async fn a_profile_whose_name_has_a_blank_says_that_it_is_not_read() {
    let case = Case::new("[profile 'my prof']\nregion = eu-west-1\n").env("AWS_PROFILE", "my prof");
    assert_eq!(
        case.run().await,
        "the profile `my prof` (AWS_PROFILE) does not exist\n\
         help: rename the profile in ~/.aws/config and ~/.aws/credentials: the AWS SDK for Rust reads no profile whose \
         name has a blank or a quote"
    );
}

#[tokio::test]
async fn a_profile_with_quotes_in_the_configuration_says_that_they_are_not_read() {
    for quoted in ["[profile \"work\"]", "[profile 'work']"] {
        let case = Case::new(&format!("{quoted}\nregion = eu-west-1\n")).env("AWS_PROFILE", "work");
        assert_eq!(
            case.run().await,
            "the profile `work` (AWS_PROFILE) does not exist\n\
             help: write `[profile work]` in ~/.aws/config, without quotes: the AWS SDK for Rust does not read them",
            "{quoted}"
        );
    }
}

#[tokio::test]
async fn an_expired_sign_in_names_the_command_that_renews_it() {
    let sso = "[profile dev]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n\
               [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n";
    let said = Case::new(sso).setting("profile", "dev").run().await;
    assert!(said.starts_with("GetCallerIdentity: no AWS credentials from the profile `dev`: "), "{said}");
    assert!(
        said.ends_with("\nhelp: run `aws sso login --profile dev`, then run the command again"),
        "{said}"
    );

    let login = "[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/me\n";
    let said = Case::new(login).env("AWS_PROFILE", "dev").run().await;
    assert!(said.ends_with("\nhelp: run `aws login --profile dev`, then run the command again"), "{said}");

    let server = Server::always(
        403,
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>Too old.</Message></Error></ErrorResponse>",
    )
    .await;
    let said = Case::new("").keys("AKIDENV").env("AWS_ENDPOINT_URL", &server.url).run().await;
    assert_eq!(
        said,
        "GetCallerIdentity: the credentials have expired (ExpiredToken: Too old.)\n\
         help: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to new values, \
         or unset them to use a profile"
    );
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed_says_why() {
    let server = Server::always(
        403,
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message>\
         </Error></ErrorResponse>",
    )
    .await;
    let config = "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = secret-of-base\n\
                  [profile admin]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\n";
    let said = Case::new(config).env("AWS_PROFILE", "admin").env("AWS_ENDPOINT_URL", &server.url).run().await;
    assert!(said.starts_with("GetCallerIdentity: no AWS credentials from the profile `admin`: "), "{said}");
    assert!(
        said.contains("AccessDenied") && said.contains("not authorized to perform: sts:AssumeRole"),
        "{said}"
    );
}

#[tokio::test]
async fn a_ca_bundle_that_cannot_be_used_says_who_named_it() {
    let case = Case::new("").keys("AKIDENV");
    let missing = case.path().join("none.pem").display().to_string();
    assert_eq!(
        case.setting("ca_bundle", &missing).run().await,
        format!(
            "the CA bundle {missing} (--ca-bundle) cannot be read: No such file or directory\n\
             help: name a PEM file with one or more `-----BEGIN CERTIFICATE-----` blocks"
        )
    );

    let broken = CERTIFICATE.replace("MII", "AAA");
    for (text, what) in
        [("no pem", "holds no certificate"), (&broken, "holds no certificate that can be used")]
    {
        let case = Case::new("").keys("AKIDENV");
        let path = case.path().join("ca.pem").display().to_string();
        std::fs::write(&path, text).unwrap();
        let said = case.env("AWS_CA_BUNDLE", &path).run().await;
        assert!(said.starts_with(&format!("the CA bundle {path} (AWS_CA_BUNDLE) {what}\n")), "{said}");
    }

    let case = Case::new("[default]\nca_bundle = /nowhere/ca.pem\n").keys("AKIDENV");
    let said = case.run().await;
    assert!(
        said.starts_with("the CA bundle /nowhere/ca.pem (ca_bundle of the profile `default`) cannot"),
        "{said}"
    );
}

#[tokio::test]
async fn a_bundle_with_one_good_certificate_is_enough_to_begin_a_handshake() {
    let case = Case::new("").keys("AKIDENV");
    let path = case.path().join("ca.pem");
    std::fs::write(&path, CERTIFICATE.replace("MII", "AAA") + CERTIFICATE).unwrap();
    let host = speaks_no_tls().await;
    let case = case.env("AWS_CA_BUNDLE", path.display().to_string());
    assert_eq!(
        case.env("AWS_ENDPOINT_URL", format!("https://{host}")).run().await,
        format!(
            "GetCallerIdentity: TLS with {host} failed: received corrupt message of type InvalidContentType\n\
             help: if a proxy inspects TLS, set its CA file with --ca-bundle or AWS_CA_BUNDLE"
        )
    );
}

#[tokio::test]
async fn a_proxy_is_used_for_hosts_far_away_and_never_for_this_machine() {
    let (server, proxy) = (aws().await, aws().await);
    let case = || Case::new("").keys("AKIDENV").env("HTTP_PROXY", &proxy.url).env("HTTPS_PROXY", &proxy.url);

    assert_eq!(case().env("AWS_ENDPOINT_URL", &server.url).run().await, "account 111122223333");
    assert_eq!((server.count(), proxy.count()), (2, 0));

    let far = case().env("AWS_ENDPOINT_URL", "http://emulator.example");
    assert_eq!(far.run().await, "account 111122223333");
    assert_eq!(proxy.requests()[0].line, "POST http://emulator.example/ HTTP/1.1");
}

#[tokio::test]
async fn a_dead_proxy_is_suspected_by_its_variable_and_not_by_its_value() {
    let dead = nobody().await.replace("http://", "http://me:secret-of-the-proxy@");
    let case = Case::new("").keys("AKIDENV").env("HTTPS_PROXY", dead);
    assert_eq!(
        case.run().await,
        "GetCallerIdentity: cannot connect to sts.eu-west-1.amazonaws.com: Connection refused (os error 111)\n\
         help: check the proxy in HTTPS_PROXY, or add the host to NO_PROXY"
    );
}

#[tokio::test]
async fn a_sandbox_looks_at_nothing_else() {
    let server = aws().await;
    let dead = nobody().await;
    let case = Case::new("this is no configuration\n")
        .setting("sandbox", &server.url)
        .env("AWS_PROFILE", "prod")
        .env("AWS_CA_BUNDLE", "/nowhere/ca.pem")
        .env("AWS_ENDPOINT_URL", &dead)
        .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &dead)
        .env("AWS_ENDPOINT_URL_STS", &dead)
        .env("HTTP_PROXY", &dead)
        .env("AWS_USE_FIPS_ENDPOINT", "true")
        .keys("AKIDENV");
    assert_eq!(case.run().await, "account 111122223333");
    assert!(server.requests().iter().all(|request| signed_by(request) == "SANDBOX"));
}
