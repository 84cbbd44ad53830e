#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2 and amazon-cognito-identity-js 6.3.21 (npm, Node.js 20): how
# long a sign-in waits for the code of MFA, if `AuthSessionValidity` of the app client is 15 minutes. The service and
# the storage of the browser tab are played here, and the clock is moved.
#
# Guess: Amplify keeps the session of the sign-in in the tab and leaves its lifetime to the pool, so that
#   `AuthSessionValidity` holds for a page that was loaded again as for one that stayed open. The older library keeps it
#   in memory, so it knows after a reload that there is no sign-in to go on with.
# Behaviour: while the page stays open, both wait as long as the pool does. Loaded again, Amplify goes on with a sign-in
#   for three minutes, a number in its source, and then refuses the code without a request (SignInException), whatever
#   the pool says. The older library sends the code without the session that Cognito gave it.
#   So a longer `AuthSessionValidity` helps users whose page stays open. It does not help those who leave for their mail
#   program on a telephone, where the browser drops the page and loads it again: for them a code by e-mail that takes
#   four minutes means signing in once more, and a second code.
# Output seen (what reached the service with the code):
#   Amplify, page open, after 14 minutes: code and session
#   Amplify, page loaded again, after 2 minutes: code and session
#   Amplify, page loaded again, after 4 minutes: nothing (SignInException)
#   identity-js, page open, after 14 minutes: code and session
#   identity-js, page loaded again, after 2 minutes: code without session
#   identity-js, page loaded again, after 4 minutes: code without session
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-identity-js@6.3.21

# One life of the page: it begins the sign-in, or answers with the code, or both.
cat >page.cjs <<'JS'
const fs = require("fs");

const [library, part, minutes, url] = process.argv.slice(2);
const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const tab = fs.existsSync("tab.json") ? JSON.parse(fs.readFileSync("tab.json")) : {};
const save = () => fs.writeFileSync("tab.json", JSON.stringify(tab));
const sessionStorage = {
  getItem: (key) => tab[key] ?? null,
  setItem: (key, value) => save((tab[key] = String(value))),
  removeItem: (key) => save(delete tab[key]),
};
globalThis.window = { sessionStorage, localStorage: sessionStorage, crypto };
const clock = Date.now;
const wait = () => (Date.now = () => clock() + minutes * 60e3);
if (part === "answer") wait();

function amplify() {
  const { Amplify } = require("@aws-amplify/core");
  const { confirmSignIn, signIn } = require("@aws-amplify/auth");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  const options = { authFlowType: "USER_PASSWORD_AUTH" };
  const begin = () => signIn({ username: "user", password: "password", options });
  return [begin, () => confirmSignIn({ challengeResponse: "123456" })];
}

function identity() {
  const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");
  const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint: url, Storage: sessionStorage });
  const user = new CognitoUser({ Username: "user", Pool, Storage: sessionStorage });
  user.setAuthenticationFlowType("USER_PASSWORD_AUTH");
  const details = new AuthenticationDetails({ Username: "user", Password: "password" });
  const begin = () => new Promise((mfaRequired) => user.authenticateUser(details, { mfaRequired }));
  const answer = (onSuccess, onFailure) => user.sendMFACode("123456", { onSuccess, onFailure });
  return [begin, () => new Promise(answer)];
}

(async () => {
  const [begin, answer] = library === "Amplify" ? amplify() : identity();
  if (part !== "answer") await begin();
  if (part === "both") wait();
  if (part !== "begin") await answer();
})().catch((error) => console.log(error.name));
JS
cat >sign-in.mjs <<'JS'
import fs from "node:fs";
import http from "node:http";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const challenge = { ChallengeName: "SMS_MFA", Session: "s".repeat(20), ChallengeParameters: {} };
let seen;
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    response.setHeader("content-type", "application/x-amz-json-1.1");
    const { AuthFlow, Session } = JSON.parse(body);
    if (AuthFlow) return response.end(JSON.stringify(challenge));
    seen = Session ? "code and session" : "code without session";
    response.statusCode = 400;
    response.end(JSON.stringify({ __type: "NotAuthorizedException", message: "" }));
  });
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;
const page = async (...given) => (await promisify(execFile)("node", ["page.cjs", ...given, url])).stdout.trim();
for (const library of ["Amplify", "identity-js"]) {
  for (const [state, minutes] of [["open", 14], ["loaded again", 2], ["loaded again", 4]]) {
    fs.rmSync("tab.json", { force: true });
    seen = undefined;
    if (state !== "open") await page(library, "begin", 0);
    const error = await page(library, state === "open" ? "both" : "answer", minutes);
    console.log(`${library}, page ${state}, after ${minutes} minutes: ${seen ?? `nothing (${error})`}`);
  }
}
process.exit();
JS
env -i PATH="$PATH" HOME="$work" node sign-in.mjs | tee seen

diff - seen <<'EXPECTED'
Amplify, page open, after 14 minutes: code and session
Amplify, page loaded again, after 2 minutes: code and session
Amplify, page loaded again, after 4 minutes: nothing (SignInException)
identity-js, page open, after 14 minutes: code and session
identity-js, page loaded again, after 2 minutes: code without session
identity-js, page loaded again, after 4 minutes: code without session
EXPECTED
echo 'as found'
