#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2, amazon-cognito-identity-js 6.3.21,
# amazon-cognito-passwordless-auth 0.17.0 (npm, Node.js 20) and pycognito 2024.5.1 (PyPI): the refresh after a sign-in
# with a password, once the pool remembers devices (`DeviceConfiguration`). The service is played here.
#
# Guess: remembered devices are an offer to the application: a library that does not know them leaves out the device and
#   goes on as before, and Amplify knows them wherever it runs.
# Behaviour: from the first sign-in the answer has a new device, and Amazon's knowledge center says that the refresh is
#   refused ("Invalid Refresh Token") unless the device was confirmed and its key comes with the request. pycognito and
#   the passwordless library do neither. Amplify does both in a browser; where there is no `navigator`, as on a server
#   with Node.js 20, naming the device throws, which Amplify passes over: the sign-in succeeds, and the refresh has no
#   key. So the setting, which reads as a comfort for users, signs them out when the first access token expires, in
#   applications that never heard of devices. Look for the library of each app client before `DeviceConfiguration` is
#   added, and try a refresh and not just a sign-in.
# Output seen (the calls after the sign-in):
#   @aws-amplify/auth in a browser: ConfirmDevice, refresh with the key
#   @aws-amplify/auth without a navigator: refresh with no key
#   amazon-cognito-identity-js: ConfirmDevice, refresh with the key
#   amazon-cognito-passwordless-auth: refresh with no key
#   pycognito: refresh with no key
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-identity-js@6.3.21 amazon-cognito-passwordless-auth@0.17.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1

cat >device.cjs <<'JS'
const http = require("http");
const { spawn } = require("child_process");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const DeviceKey = "eu-west-1_11111111-2222-3333-4444-555555555555";
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
function token(claims) {
  const frame = { sub: "user", iat: now, exp: now + 3600 };
  return `${part({ alg: "RS256", kid: "key" })}.${part({ ...frame, ...claims })}.signature`;
}
const tokens = {
  AccessToken: token({ token_use: "access", username: "user", client_id: CLIENT, device_key: DeviceKey }),
  IdToken: token({ token_use: "id", "cognito:username": "user", aud: CLIENT }),
  ExpiresIn: 3600,
  TokenType: "Bearer",
};
const signedIn = { ...tokens, RefreshToken: "first", NewDeviceMetadata: { DeviceKey, DeviceGroupKey: "-group" } };

const seen = [];
function answer(operation, { AuthFlow, AuthParameters, DeviceKey: named }) {
  if (operation === "GetTokensFromRefreshToken" || AuthFlow?.startsWith("REFRESH_TOKEN")) {
    seen.push(`refresh with ${(named ?? AuthParameters?.DEVICE_KEY) ? "the key" : "no key"}`);
    return { AuthenticationResult: tokens };
  }
  if (operation === "ConfirmDevice") seen.push("ConfirmDevice");
  if (operation === "ConfirmDevice") return { UserConfirmationNecessary: false };
  if (AuthFlow === "USER_SRP_AUTH") {
    const user = { USER_ID_FOR_SRP: "user", USERNAME: "user" };
    const ChallengeParameters = { ...user, SALT: "ab12", SRP_B: "cd".repeat(64), SECRET_BLOCK: "Zm9v" };
    return { ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters };
  }
  return { AuthenticationResult: signedIn };
}
const service = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answer(request.headers["x-amz-target"].split(".")[1], JSON.parse(body))));
  });
});
const storage = (map = new Map()) => ({
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
  clear: () => map.clear(),
});

async function amplify(url, navigator) {
  // Amplify names the device after the browser.
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  const { Amplify, fetchAuthSession } = require("@aws-amplify/core");
  const { signIn } = require("@aws-amplify/auth");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage());
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  await signIn({ username: "user", password: "password", options: { authFlowType: "USER_PASSWORD_AUTH" } });
  await fetchAuthSession({ forceRefresh: true });
}
async function identity(endpoint) {
  const library = require("amazon-cognito-identity-js");
  const { AuthenticationDetails, CognitoRefreshToken, CognitoUser, CognitoUserPool } = library;
  const Storage = storage();
  const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint, Storage });
  const user = new CognitoUser({ Username: "user", Pool, Storage });
  user.setAuthenticationFlowType("USER_PASSWORD_AUTH");
  const details = new AuthenticationDetails({ Username: "user", Password: "password" });
  await new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));
  const refreshToken = new CognitoRefreshToken({ RefreshToken: "first" });
  const again = new CognitoUser({ Username: "user", Pool, Storage });
  await new Promise((done, failed) => again.refreshSession(refreshToken, (error) => (error ? failed(error) : done())));
}
async function passwordless(url) {
  const { Passwordless } = await import("amazon-cognito-passwordless-auth");
  const { authenticateWithPlaintextPassword } = await import("amazon-cognito-passwordless-auth/plaintext");
  const { refreshTokens } = await import("amazon-cognito-passwordless-auth/refresh");
  Passwordless.configure({ cognitoIdpEndpoint: url, userPoolId: POOL, clientId: CLIENT, storage: storage() });
  await authenticateWithPlaintextPassword({ username: "user", password: "password" }).signedIn;
  await refreshTokens({});
}
function python(url) {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  return new Promise((done) => {
    const child = spawn("env/bin/python", ["device.py"], { env, stdio: ["ignore", "ignore", "inherit"] });
    child.on("close", done);
  });
}

service.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${service.address().port}`;
  const libraries = {
    "@aws-amplify/auth in a browser": (address) => amplify(address, { userAgent: "Browser", platform: "any" }),
    "@aws-amplify/auth without a navigator": (address) => amplify(address),
    "amazon-cognito-identity-js": identity,
    "amazon-cognito-passwordless-auth": passwordless,
    pycognito: python,
  };
  for (const [name, use] of Object.entries(libraries)) {
    await use(url);
    console.log(`${name}: ${seen.splice(0).join(", ")}`);
  }
  process.exit();
});
JS
cat >device.py <<'PY'
from pycognito import Cognito

user = Cognito("eu-west-1_a1B2c3D4E", "1example23456789", username="user", user_pool_region="eu-west-1")
user.verify_token = lambda token, name, use: setattr(user, name, token)
user.authenticate("password")
user.renew_access_token()
PY
env -i PATH="$PATH" HOME="$work" node device.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
@aws-amplify/auth in a browser: ConfirmDevice, refresh with the key
@aws-amplify/auth without a navigator: refresh with no key
amazon-cognito-identity-js: ConfirmDevice, refresh with the key
amazon-cognito-passwordless-auth: refresh with no key
pycognito: refresh with no key
EXPECTED
echo 'as found'
