#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2 (npm, Node.js 20): the name of the account in the
# authenticator app of a user who sets up TOTP (`SoftwareTokenMfaConfiguration`), as `getSetupUri` has it without a
# name given. The user signs in as ann@example.com. otpauth 9.5.2, url-otpauth 2.0.0 (npm) and PyOTP 2.12.1 (PyPI)
# read the address. The service is played here.
#
# Guess: the name is what the user typed, whatever the pool is, and every reader of such addresses reads Amplify's.
# Behaviour: the name is the user name of the pool, which is no e-mail address where users sign in by one: with an
#   alias it is the name behind it, with `UsernameAttributes` an id. With `MfaConfiguration` ON the set-up is a step
#   of the sign-in, with OPTIONAL it comes after it (`setUpTOTP`), and then the name is in quotation marks. So a pool
#   that goes from OPTIONAL to ON has users of both kinds. Give `getSetupUri` a name. Nothing is encoded in the
#   address but what a browser does: the + that the name of a pool may have stays, the readers take it for a space in
#   one of its two places, and two of three refuse the address since the issuers differ. Leave a + out of the name of
#   the application.
# Output seen:
#   names and an alias, MFA ON: ann
#   names and an alias, MFA OPTIONAL: "ann"
#   UsernameAttributes [email], MFA ON: 11111111-2222-3333-4444-555555555555
#   UsernameAttributes [email], MFA OPTIONAL: "11111111-2222-3333-4444-555555555555"
#   PoolName as issuer, otpauth: Acme R+D
#   PoolName as issuer, url-otpauth: refused
#   PoolName as issuer, PyOTP: refused
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 otpauth@9.5.2 \
    url-otpauth@2.0.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyotp==2.12.1

cat >label.cjs <<'JS'
const { execFileSync } = require("child_process");
const http = require("http");
const otpauth = require("url-otpauth");
const { URI } = require("otpauth");
const { Amplify } = require("@aws-amplify/core");
const { setUpTOTP, signIn } = require("@aws-amplify/auth");
const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const SUB = "11111111-2222-3333-4444-555555555555";
const SecretCode = "A4EASCQLBQGQ4DYQCEJBGFAVCYLRQGI2DMOB2HQ7EAQSEIZEEUTA";
const Session = "s".repeat(20);
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (claims) => `${part({ alg: "RS256" })}.${part({ sub: SUB, exp: 4102444800, iat: 1, ...claims })}.c2ln`;
// The pool: the user name of Ann, and whether it demands a second factor.
let name;
let required;

const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const target = request.headers["x-amz-target"].split(".")[1];
    const { AuthFlow } = JSON.parse(body);
    const tokens = {
      AccessToken: token({ token_use: "access", username: name }),
      IdToken: token({ token_use: "id", "cognito:username": name, email: "ann@example.com" }),
      ...{ RefreshToken: "refresh", ExpiresIn: 3600, TokenType: "Bearer" },
    };
    const srp = { USERNAME: name, USER_ID_FOR_SRP: name, SALT: "ab12", SRP_B: "cd".repeat(64), SECRET_BLOCK: "Zm9v" };
    let answer = { AuthenticationResult: tokens, ChallengeParameters: {} };
    const choice = { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' };
    if (required) answer = { ChallengeName: "MFA_SETUP", Session, ChallengeParameters: choice };
    if (AuthFlow) answer = { ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: srp };
    if (target === "AssociateSoftwareToken") answer = { SecretCode, Session };
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answer));
  });
});

function read(issuer) {
  try {
    return issuer();
  } catch (error) {
    console.error(error.message);
    return "refused";
  }
}
const map = new Map();
const storage = {
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
  clear: () => map.clear(),
};
server.listen(0, "127.0.0.1", async () => {
  const userPoolEndpoint = `http://127.0.0.1:${server.address().port}`;
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  const pools = { "names and an alias": "ann", "UsernameAttributes [email]": SUB };
  for (const [pool, user] of Object.entries(pools)) {
    for (const mode of ["ON", "OPTIONAL"]) {
      map.clear();
      name = user;
      required = mode === "ON";
      const step = await signIn({ username: "ann@example.com", password: "password" });
      const details = required ? step.nextStep.totpSetupDetails : await setUpTOTP();
      const { label } = URI.parse(details.getSetupUri("Example").href);
      console.log(`${pool}, MFA ${mode}: ${label}`);
      if (pool !== "UsernameAttributes [email]" || required) continue;
      const { href } = details.getSetupUri("Acme R+D", "ann@example.com");
      console.log(`PoolName as issuer, otpauth: ${read(() => URI.parse(href).issuer)}`);
      console.log(`PoolName as issuer, url-otpauth: ${read(() => otpauth.parse(href).issuer)}`);
      const code = "import pyotp, sys; print(pyotp.parse_uri(sys.argv[1]).issuer)";
      const python = () => execFileSync("env/bin/python", ["-c", code, href]).toString().trim();
      console.log(`PoolName as issuer, PyOTP: ${read(python)}`);
    }
  }
  process.exit();
});
JS
env -i PATH="$PATH" HOME="$work" node label.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
names and an alias, MFA ON: ann
names and an alias, MFA OPTIONAL: "ann"
UsernameAttributes [email], MFA ON: 11111111-2222-3333-4444-555555555555
UsernameAttributes [email], MFA OPTIONAL: "11111111-2222-3333-4444-555555555555"
PoolName as issuer, otpauth: Acme R+D
PoolName as issuer, url-otpauth: refused
PoolName as issuer, PyOTP: refused
EXPECTED
echo 'as found'
