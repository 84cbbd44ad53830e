#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2, amazon-cognito-identity-js 6.3.21,
# amazon-cognito-passwordless-auth 0.17.0, franken-srp 1.0.1 (npm, Node.js 20), pycognito 2024.5.1, warrant 0.6.1,
# cognitopy 1.1.6 and sanctum 0.1.1 (PyPI, Python 3.11): the first sign-in of a user whom an administrator made, in a
# pool whose `Schema` requires `name`. The service is played here: it asks for a new password, and for `name` where the
# user has none, as AdminCreateUser wants no required attribute.
#
# Guess: a library that answers NEW_PASSWORD_REQUIRED takes the attributes too that the challenge lists as required, as
#   the API has them in one answer (`userAttributes.name`), and tells the application which ones are missing.
# Behaviour: Amplify and identity-js do both. The other six have no place for an attribute. Five of them answer with the
#   password alone, which Cognito refuses, so a user without the attribute never gets in. sanctum makes "Authentication
#   failed" of the challenge and keeps its session to itself, so no user who was made by an administrator gets in.
#   An attribute that a pool requires can never be made optional, so this is settled when the pool is made. With one of
#   the six in front of the pool, require the attribute in the application and not in `Schema`, or give it a value
#   whenever a user is made: `aws cognito-idp admin-create-user` and the console take a user without it.
# Output seen (a user with `name`; one without, and what the answer had):
#   Amplify: signed in; signed in (asks for name, sends the password and name)
#   identity-js: signed in; signed in (asks for name, sends the password and name)
#   passwordless: signed in; refused (sends the password)
#   franken-srp: signed in; refused (sends the password)
#   pycognito: signed in; refused (sends the password)
#   warrant: signed in; refused (sends the password)
#   cognitopy: signed in; refused (sends the password)
#   sanctum: refused (sends nothing); refused (sends nothing)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 franken-srp@1.0.1 \
    amazon-cognito-identity-js@6.3.21 amazon-cognito-passwordless-auth@0.17.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1 cognitopy==1.1.6 sanctum==0.1.1 \
    boto3==1.44.8 pyjwt==2.15.1 python-jose==3.5.0
# Without the fork of python-jose that it asks for, as that one takes the place of python-jose.
env/bin/pip install --quiet --disable-pip-version-check --no-deps warrant==0.6.1

cat >sign-in.cjs <<'JS'
const http = require("http");
const https = require("https");
const { spawn } = require("child_process");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const [OLD, NEW] = ["Password1!", "Password2!"];
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = { sub: "user", username: "user", "cognito:username": "user", scope: "", exp: 9999999999 };
const token = `${part({ alg: "RS256" })}.${part(claims)}.signature`;
const frame = { RefreshToken: "refresh", ExpiresIn: 3600, TokenType: "Bearer" };
const tokens = { AuthenticationResult: { AccessToken: token, IdToken: token, ...frame }, ChallengeParameters: {} };
const names = { USER_ID_FOR_SRP: "user", USERNAME: "user" };
const srp = { ...names, SALT: "ab12", SRP_B: "cd".repeat(64), SECRET_BLOCK: "Zm9v" };
const password = { ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: srp };
const change = (missing) => ({
  ChallengeName: "NEW_PASSWORD_REQUIRED",
  Session: "s".repeat(20),
  ChallengeParameters: {
    ...names,
    requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
    userAttributes: JSON.stringify({ email: "user@example.com", name: missing.length ? "" : "User" }),
  },
});

let missing, sent, asked, done;
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const { AuthFlow, ChallengeName, ChallengeResponses: given } = JSON.parse(body);
    let said = AuthFlow === "USER_SRP_AUTH" ? password : change(missing);
    if (ChallengeName === "NEW_PASSWORD_REQUIRED") {
      sent = ["the password", ...missing.filter((name) => given[`userAttributes.${name}`])];
      done = sent.length > missing.length;
      const message = "Invalid attributes given, name is missing";
      said = done ? tokens : { __type: "InvalidParameterException", message };
      if (!done) response.statusCode = 400;
    }
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(said));
  });
});

async function amplify(url) {
  const { Amplify } = require("@aws-amplify/core");
  const { confirmSignIn, signIn, signOut } = require("@aws-amplify/auth");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  await signOut().catch(() => {});
  const options = { authFlowType: "USER_PASSWORD_AUTH" };
  const { nextStep } = await signIn({ username: "user", password: OLD, options });
  asked = nextStep.missingAttributes ?? [];
  const userAttributes = Object.fromEntries(asked.map((name) => [name, "User"]));
  await confirmSignIn({ challengeResponse: NEW, options: { userAttributes } });
}

async function identity(endpoint) {
  const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");
  const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint });
  const user = new CognitoUser({ Username: "user", Pool });
  user.setAuthenticationFlowType("USER_PASSWORD_AUTH");
  const details = new AuthenticationDetails({ Username: "user", Password: OLD });
  await new Promise((onSuccess, onFailure) => {
    const newPasswordRequired = (_, required) => {
      asked = required;
      const attributes = Object.fromEntries(asked.map((name) => [name, "User"]));
      user.completeNewPasswordChallenge(NEW, attributes, { onSuccess, onFailure });
    };
    user.authenticateUser(details, { newPasswordRequired, onFailure });
  });
}

async function passwordless(url) {
  const { Passwordless } = await import("amazon-cognito-passwordless-auth");
  const { authenticateWithPlaintextPassword } = await import("amazon-cognito-passwordless-auth/plaintext");
  const storage = { getItem() {}, setItem() {}, removeItem() {} };
  Passwordless.configure({ cognitoIdpEndpoint: url, userPoolId: POOL, clientId: CLIENT, storage });
  const newPassword = async () => NEW;
  await authenticateWithPlaintextPassword({ username: "user", password: OLD, newPassword }).signedIn;
}

// It has no setting for another endpoint.
async function franken(url) {
  const { port } = new URL(url);
  https.request = (options, callback) => http.request({ ...options, hostname: "127.0.0.1", port }, callback);
  const { srpLogin } = require("franken-srp");
  const pool = { region: "eu-west-1", userPoolId: POOL, clientId: CLIENT };
  const steps = srpLogin({ ...pool, username: "user", password: OLD });
  await steps.next();
  await steps.next(NEW);
}

function python(library) {
  return (url) => {
    const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    const child = spawn("env/bin/python", ["sign-in.py", library, POOL, CLIENT, OLD, NEW], { env, stdio: "ignore" });
    return new Promise((ended) => child.on("close", ended));
  };
}

const libraries = { Amplify: amplify, "identity-js": identity, passwordless, "franken-srp": franken };
for (const name of ["pycognito", "warrant", "cognitopy", "sanctum"]) libraries[name] = python(name);
server.listen(0, "127.0.0.1", async () => {
  for (const [name, signIn] of Object.entries(libraries)) {
    const results = [];
    for (missing of [[], ["name"]]) {
      [sent, asked, done] = [["nothing"], [], false];
      await signIn(`http://127.0.0.1:${server.address().port}`).catch(() => {});
      const detail = `${asked.length ? `asks for ${asked}, ` : ""}sends ${sent.join(" and ")}`;
      results.push(done && !missing.length ? "signed in" : `${done ? "signed in" : "refused"} (${detail})`);
    }
    console.log(`${name}: ${results.join("; ")}`);
  }
  process.exit();
});
JS
cat >sign-in.py <<'PY'
import importlib
import re
import sys

library, pool, client, old, new = sys.argv[1:]
module = importlib.import_module(library)
if library == "sanctum":
    cognito = module.SanctumClient(region="eu-west-1", user_pool_id=pool, client_id=client)
    session = cognito.authenticate("user", old)["Session"]
    cognito.respond_to_auth_challenge("NEW_PASSWORD_REQUIRED", {"USERNAME": "user", "NEW_PASSWORD": new}, session)
elif library == "cognitopy":
    cognito = module.CognitoPy(pool, client, "")
    try:
        cognito.admin_login("user", old)
    except Exception as error:
        session = re.search(r"session is (\w+)", str(error))[1]
    cognito.resolve_challenge_new_password(session, "user", new)
else:
    module.Cognito(pool, client, username="user", user_pool_region="eu-west-1").new_password_challenge(old, new)
PY
env -i PATH="$PATH" HOME="$work" node sign-in.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
Amplify: signed in; signed in (asks for name, sends the password and name)
identity-js: signed in; signed in (asks for name, sends the password and name)
passwordless: signed in; refused (sends the password)
franken-srp: signed in; refused (sends the password)
pycognito: signed in; refused (sends the password)
warrant: signed in; refused (sends the password)
cognitopy: signed in; refused (sends the password)
sanctum: refused (sends nothing); refused (sends nothing)
EXPECTED
echo 'as found'
