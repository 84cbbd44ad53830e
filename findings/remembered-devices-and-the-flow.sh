#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2 and amazon-cognito-identity-js 6.3.21 (npm, Node.js 20):
# whether they find the device that a pool remembered (`DeviceConfiguration`), so that it asks for no code of MFA, as
# the flow of the sign-in changes (`ExplicitAuthFlows`). The service is played here, and the browser too: `user` in a
# pool of user names, and an e-mail address in a pool with `UsernameAttributes: [email]` that does not look at capitals.
#
# Guess: the device that was remembered after a code is found at the next sign-in with the same address, whatever the
#   flow, and no code is asked for. With other capitals the older library alone finds it, as it keeps the device under
#   the name that the pool gave the user.
# Behaviour: with SRP, the pool gives its name for the user before the device is looked for, and both libraries find it
#   however the address is typed. With USER_PASSWORD_AUTH they look under what was typed. Amplify keeps the device under
#   the other name, since the step of the code has it, and asks for a code at every sign-in. The older library keeps it
#   as it was typed, so other capitals cost another code. In a pool of user names both find it. With USER_AUTH and the
#   password, Amplify names no device at all.
#   AWS's knowledge center wants USER_SRP_AUTH for remembered devices; what happens otherwise is no error, but a setting
#   that does nothing. So before an application changes to USER_PASSWORD_AUTH, as a trigger that migrates users needs,
#   or `ALLOW_USER_SRP_AUTH` is taken off a client, know that its users are asked for codes again; and for one more when
#   it changes back, as the older library looks under the other name from then on.
# Output seen (the second sign-in, with MFA on; the last line changes the flow between the two):
#   Amplify, USER_SRP_AUTH: user name no code, same address no code, other capitals no code
#   Amplify, USER_PASSWORD_AUTH: user name no code, same address a code, other capitals a code
#   Amplify, USER_AUTH with PASSWORD_SRP: user name no code, same address no code, other capitals no code
#   Amplify, USER_AUTH with PASSWORD: user name a code, same address a code, other capitals a code
#   identity-js, USER_SRP_AUTH: user name no code, same address no code, other capitals no code
#   identity-js, USER_PASSWORD_AUTH: user name no code, same address no code, other capitals a code
#   identity-js, USER_PASSWORD_AUTH, then USER_SRP_AUTH: user name no code, same address a code, other capitals a code
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-identity-js@6.3.21

cat >sign-in.cjs <<'JS'
const http = require("http");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const DEVICE = { DeviceKey: "eu-west-1_11111111-2222-3333-4444-555555555555", DeviceGroupKey: "-group" };
let browser = new Map();
const Storage = {
  getItem: (key) => browser.get(key) ?? null,
  setItem: (key, value) => void browser.set(key, value),
  removeItem: (key) => void browser.delete(key),
  clear: () => browser.clear(),
};
globalThis.window = { localStorage: Storage, sessionStorage: Storage, crypto };
// Amplify names the device after the browser.
Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Browser", platform: "any" } });

// Cognito: the name of the user in the pool, and a code unless the request names the device.
let user, codes;
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
function tokens(extra) {
  const claims = { sub: user, username: user, "cognito:username": user, exp: 9999999999 };
  const token = `${part({ alg: "RS256" })}.${part(claims)}.signature`;
  const result = { AccessToken: token, IdToken: token, RefreshToken: "refresh", ExpiresIn: 3600 };
  return { AuthenticationResult: { ...result, ...extra }, ChallengeParameters: {} };
}
const challenge = (ChallengeName, given) => ({ ChallengeName, Session: "session", ChallengeParameters: given });
function answer({ AuthParameters, ChallengeName, ChallengeResponses, DeviceSecretVerifierConfig }) {
  const { DEVICE_KEY, SRP_A } = AuthParameters ?? ChallengeResponses ?? {};
  const numbers = { USERNAME: user, SALT: "ab12", SRP_B: "cd".repeat(64), SECRET_BLOCK: "Zm9v" };
  if (DeviceSecretVerifierConfig) return { UserConfirmationNecessary: false };
  if (ChallengeName === "DEVICE_SRP_AUTH") return challenge("DEVICE_PASSWORD_VERIFIER", numbers);
  if (ChallengeName === "DEVICE_PASSWORD_VERIFIER") return tokens();
  if (ChallengeName === "SMS_MFA") return tokens({ NewDeviceMetadata: DEVICE });
  if (SRP_A) return challenge("PASSWORD_VERIFIER", { ...numbers, USER_ID_FOR_SRP: user });
  if (DEVICE_KEY) return challenge("DEVICE_SRP_AUTH", {});
  codes++;
  return challenge("SMS_MFA", { USER_ID_FOR_SRP: user });
}
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answer(JSON.parse(body))));
  });
});

async function amplify(url, username, flow) {
  const { Amplify } = require("@aws-amplify/core");
  const { confirmSignIn, signIn, signOut } = require("@aws-amplify/auth");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(Storage);
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  const [authFlowType, preferredChallenge] = flow.split(" with ");
  const { nextStep } = await signIn({ username, password: "password", options: { authFlowType, preferredChallenge } });
  if (nextStep.signInStep === "CONFIRM_SIGN_IN_WITH_SMS_CODE") await confirmSignIn({ challengeResponse: "123456" });
  await signOut();
}

async function identity(endpoint, Username, flow) {
  const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");
  const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint, Storage });
  const one = new CognitoUser({ Username, Pool, Storage });
  one.setAuthenticationFlowType(flow);
  const details = new AuthenticationDetails({ Username, Password: "password" });
  await new Promise((onSuccess, onFailure) => {
    const mfaRequired = () => one.sendMFACode("123456", { onSuccess, onFailure });
    one.authenticateUser(details, { onSuccess, onFailure, mfaRequired });
  });
  one.signOut();
}

const SUB = "11111111-2222-3333-4444-555555555555";
const cases = {
  "user name": ["user", "user", "user"],
  "same address": [SUB, "user@example.com", "user@example.com"],
  "other capitals": [SUB, "user@example.com", "User@Example.com"],
};
const flows = {
  Amplify: [["USER_SRP_AUTH"], ["USER_PASSWORD_AUTH"], ["USER_AUTH with PASSWORD_SRP"], ["USER_AUTH with PASSWORD"]],
  "identity-js": [["USER_SRP_AUTH"], ["USER_PASSWORD_AUTH"], ["USER_PASSWORD_AUTH", "USER_SRP_AUTH"]],
};
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  for (const [library, signIn] of Object.entries({ Amplify: amplify, "identity-js": identity })) {
    for (const used of flows[library]) {
      const results = [];
      for (const [kind, [name, first, second]] of Object.entries(cases)) {
        browser = new Map();
        user = name;
        await signIn(url, first, used[0]);
        codes = 0;
        await signIn(url, second, used.at(-1));
        results.push(`${kind} ${codes ? "a code" : "no code"}`);
      }
      console.log(`${library}, ${used.join(", then ")}: ${results.join(", ")}`);
    }
  }
  process.exit();
});
JS
env -i PATH="$PATH" HOME="$work" node sign-in.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
Amplify, USER_SRP_AUTH: user name no code, same address no code, other capitals no code
Amplify, USER_PASSWORD_AUTH: user name no code, same address a code, other capitals a code
Amplify, USER_AUTH with PASSWORD_SRP: user name no code, same address no code, other capitals no code
Amplify, USER_AUTH with PASSWORD: user name a code, same address a code, other capitals a code
identity-js, USER_SRP_AUTH: user name no code, same address no code, other capitals no code
identity-js, USER_PASSWORD_AUTH: user name no code, same address no code, other capitals a code
identity-js, USER_PASSWORD_AUTH, then USER_SRP_AUTH: user name no code, same address a code, other capitals a code
EXPECTED
echo 'as found'
