#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 and amazon-cognito-identity-js 6.3.21 (npm, Node.js 20), pycognito 2024.5.1 (PyPI): the
# sign-in with a password after MFA of the pool was turned on, or e-mail was added to its factors.
#
# Guess: the three know the challenges of MFA that the API has had since e-mail became a factor; one that a library
#   does not know ends with an error that names it.
# Behaviour: Amplify knows them. The older JavaScript library takes EMAIL_OTP for a finished sign-in and fails at the
#   tokens that are not there. pycognito does so with each challenge but the codes by SMS and from an app, so also with
#   MFA_SETUP, which every user without a factor gets once `MfaConfiguration` is ON. Neither message names a challenge.
#   So the change of the pool shows in the application as a fault of the application.
# Output seen:
#   SMS_MFA, Amplify: CONFIRM_SIGN_IN_WITH_SMS_CODE
#   SMS_MFA, identity-js: mfaRequired
#   SMS_MFA, pycognito: SMSMFAChallengeException
#   EMAIL_OTP, Amplify: CONFIRM_SIGN_IN_WITH_EMAIL_CODE
#   EMAIL_OTP, identity-js: onFailure (Cannot read properties of undefined (reading 'NewDeviceMetadata'))
#   EMAIL_OTP, pycognito: KeyError ('AuthenticationResult')
#   MFA_SETUP, Amplify: CONTINUE_SIGN_IN_WITH_TOTP_SETUP
#   MFA_SETUP, identity-js: mfaSetup
#   MFA_SETUP, pycognito: KeyError ('AuthenticationResult')
#   SELECT_MFA_TYPE, Amplify: CONTINUE_SIGN_IN_WITH_MFA_SELECTION
#   SELECT_MFA_TYPE, identity-js: selectMFAType
#   SELECT_MFA_TYPE, pycognito: KeyError ('AuthenticationResult')
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-identity-js@6.3.21
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1

# Cognito: it asks for the password, whatever the flow, and then gives the challenge of MFA that is tried.
cat >sign-in.cjs <<'JS'
const http = require("http");
const { spawn } = require("child_process");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
let challenge;
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const usesSrp = JSON.parse(body).AuthFlow === "USER_SRP_AUTH";
    const user = { USER_ID_FOR_SRP: "user", USERNAME: "user" };
    const srp = { ...user, SALT: "ab12", SRP_B: "cd".repeat(64), SECRET_BLOCK: "Zm9v" };
    const choice = { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]', MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]' };
    response.setHeader("content-type", "application/x-amz-json-1.1");
    const password = { ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: srp };
    const factor = { ChallengeName: challenge, Session: "s".repeat(20), ChallengeParameters: choice };
    response.end(JSON.stringify(usesSrp ? password : factor));
  });
});

async function amplify(url) {
  const { Amplify } = require("@aws-amplify/core");
  const { signIn } = require("@aws-amplify/auth");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  const options = { authFlowType: "USER_PASSWORD_AUTH" };
  const step = await signIn({ username: "user", password: "password", options });
  return step.nextStep.signInStep;
}

async function identity(endpoint) {
  const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");
  const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint });
  const user = new CognitoUser({ Username: "user", Pool });
  user.setAuthenticationFlowType("USER_PASSWORD_AUTH");
  return new Promise((done) => {
    const names = ["onSuccess", "mfaRequired", "totpRequired", "mfaSetup", "selectMFAType", "customChallenge"];
    const callbacks = Object.fromEntries(names.map((name) => [name, () => done(name)]));
    const onFailure = (error) => done(`onFailure (${error.message})`);
    const details = new AuthenticationDetails({ Username: "user", Password: "password" });
    user.authenticateUser(details, { ...callbacks, onFailure });
  });
}

function python(url) {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  return new Promise((done) => {
    const child = spawn("env/bin/python", ["sign-in.py"], { env, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (part) => (said += part));
    child.on("close", () => done(said.trim()));
  });
}

server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  for (challenge of ["SMS_MFA", "EMAIL_OTP", "MFA_SETUP", "SELECT_MFA_TYPE"]) {
    console.log(`${challenge}, Amplify: ${await amplify(url)}`);
    console.log(`${challenge}, identity-js: ${await identity(url)}`);
    console.log(`${challenge}, pycognito: ${await python(url)}`);
  }
  process.exit();
});
JS
cat >sign-in.py <<'PY'
from pycognito import Cognito

user = Cognito("eu-west-1_a1B2c3D4E", "1example23456789", username="user", user_pool_region="eu-west-1")
try:
    user.authenticate("password")
    print("done")
except KeyError as error:
    print(f"KeyError ({error})")
except Exception as error:
    print(type(error).__name__)
PY
env -i PATH="$PATH" HOME="$work" node sign-in.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
SMS_MFA, Amplify: CONFIRM_SIGN_IN_WITH_SMS_CODE
SMS_MFA, identity-js: mfaRequired
SMS_MFA, pycognito: SMSMFAChallengeException
EMAIL_OTP, Amplify: CONFIRM_SIGN_IN_WITH_EMAIL_CODE
EMAIL_OTP, identity-js: onFailure (Cannot read properties of undefined (reading 'NewDeviceMetadata'))
EMAIL_OTP, pycognito: KeyError ('AuthenticationResult')
MFA_SETUP, Amplify: CONTINUE_SIGN_IN_WITH_TOTP_SETUP
MFA_SETUP, identity-js: mfaSetup
MFA_SETUP, pycognito: KeyError ('AuthenticationResult')
SELECT_MFA_TYPE, Amplify: CONTINUE_SIGN_IN_WITH_MFA_SELECTION
SELECT_MFA_TYPE, identity-js: selectMFAType
SELECT_MFA_TYPE, pycognito: KeyError ('AuthenticationResult')
EXPECTED
echo 'as found'
