#!/usr/bin/env bash
# aws-lambda-powertools 3.37.0 with pydantic 2.14.4 (PyPI), @aws-lambda-powertools/parser 2.35.0 with zod 4.6.7 (npm,
# Node.js 20), aws_lambda_events 1.2.1 (crates.io): models of the events that a user pool sends to its functions.
#
# Guess: each model takes the events of its trigger, whatever starts the trigger, and of the event version that it is
#   named after; what it does not know, it passes on as text.
# Behaviour: most models of the two Powertools take one `triggerSource` alone, that of the sign-up. A user whom an
#   administrator creates, who comes from an identity provider, or who confirms a new password, makes an event that the
#   model refuses, and so does every custom e-mail but the first. The function fails then, and with it the user's call.
#   Python's model of the token event V2 and V3 wants an object for `scopes`, which is a list in these events, so it
#   refuses each of them, and its model of a challenge refuses the second round (`CUSTOM_CHALLENGE`). The Rust crate
#   knows every source but that of the client credentials grant, the one thing that V3_0 adds to V2_0: there a change
#   of `LambdaVersion` from V2_0 to V3_0 is enough to break the grant. It has no model of the custom senders. So the
#   test of a trigger needs one event of each source, and not only a sign-up.
# Output seen (Python, TypeScript, Rust; - is no model):
#   PreSignUp_SignUp: taken taken taken
#   PreSignUp_AdminCreateUser: refused refused taken
#   PreSignUp_ExternalProvider: refused refused taken
#   PostConfirmation_ConfirmSignUp: taken taken taken
#   PostConfirmation_ConfirmForgotPassword: refused refused taken
#   CustomEmailSender_SignUp: taken taken -
#   CustomEmailSender_ForgotPassword: refused refused -
#   DefineAuthChallenge_Authentication, first round: taken taken taken
#   DefineAuthChallenge_Authentication, second round: refused taken taken
#   TokenGeneration_Authentication, V1: taken taken taken
#   TokenGeneration_Authentication, V2: refused taken taken
#   TokenGeneration_ClientCredentials, V3: refused taken refused
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-lambda-powertools==3.37.0 pydantic==2.14.4
npm install --silent --no-audit --no-fund @aws-lambda-powertools/parser@2.35.0 zod@4.6.7

# The events, one a line: the kind of model, a tab, the name for the output, a tab, the event.
cat >events.py <<'PY'
import json

USER = {"sub": "11111111-2222-3333-4444-555555555555", "email": "user@example.com"}
SIGN_UP = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
GROUPS = {"groupsToOverride": ["admins"], "iamRolesToOverride": [], "preferredRole": None}


def event(kind, source, request, response, name=None, version="1"):
    frame = {"version": version, "region": "eu-west-1", "userPoolId": "eu-west-1_a1B2c3D4E", "userName": "user"}
    caller = {"callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "1example23456789"}}
    body = {"triggerSource": source, "request": {"userAttributes": USER, **request}, "response": response}
    print(kind, name or source, json.dumps(frame | caller | body), sep="\t")


def define(round_, session):
    response = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
    source = "DefineAuthChallenge_Authentication"
    event("define", source, {"session": session}, response, f"{source}, {round_}")


for source in ("SignUp", "AdminCreateUser", "ExternalProvider"):
    event("presignup", f"PreSignUp_{source}", {"validationData": None}, SIGN_UP)
for source in ("ConfirmSignUp", "ConfirmForgotPassword"):
    event("postconfirmation", f"PostConfirmation_{source}", {}, {})
for source in ("SignUp", "ForgotPassword"):
    event("email", f"CustomEmailSender_{source}", {"type": "customEmailSenderRequestV1", "code": "Zm9v"}, {})
done = {"challengeName": "SRP_A", "challengeResult": True}
define("first round", [done])
define("second round", [done, {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True}])
token = "TokenGeneration_Authentication"
event("token1", token, {"groupConfiguration": GROUPS}, {"claimsOverrideDetails": None}, f"{token}, V1")
scopes = {"groupConfiguration": GROUPS, "scopes": ["openid"]}
event("token2", token, scopes, {"claimsAndScopeOverrideDetails": None}, f"{token}, V2", "2")
machine = "TokenGeneration_ClientCredentials"
event("token2", machine, scopes, {"claimsAndScopeOverrideDetails": None}, f"{machine}, V3", "3")
PY
python3 events.py >events.tsv

cat >read.py <<'PY'
import sys

from aws_lambda_powertools.utilities.parser import models
from pydantic import ValidationError

MODELS = {
    "presignup": models.CognitoPreSignupTriggerModel,
    "postconfirmation": models.CognitoPostConfirmationTriggerModel,
    "email": models.CognitoCustomEmailSenderTriggerModel,
    "define": models.CognitoDefineAuthChallengeTriggerModel,
    "token1": models.CognitoPreTokenGenerationTriggerModelV1,
    "token2": models.CognitoPreTokenGenerationTriggerModelV2AndV3,
}
for line in open("events.tsv"):
    kind, _, event = line.rstrip("\n").split("\t")
    try:
        MODELS[kind].model_validate_json(event)
        print("taken")
    except ValidationError as error:
        print("refused")
        print(event, error, file=sys.stderr)
PY
cat >read.cjs <<'JS'
const schemas = require("@aws-lambda-powertools/parser/schemas/cognito");
const { readFileSync } = require("fs");
const models = {
  presignup: schemas.PreSignupTriggerSchema,
  postconfirmation: schemas.PostConfirmationTriggerSchema,
  email: schemas.CustomEmailSenderTriggerSchema,
  define: schemas.DefineAuthChallengeTriggerSchema,
  token1: schemas.PreTokenGenerationTriggerSchemaV1,
  token2: schemas.PreTokenGenerationTriggerSchemaV2AndV3,
};
for (const line of readFileSync("events.tsv", "utf8").trim().split("\n")) {
  const [kind, , event] = line.split("\t");
  const read = models[kind].safeParse(JSON.parse(event));
  console.log(read.success ? "taken" : "refused");
  if (!read.success) console.error(event, read.error.message);
}
JS
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "events"
version = "0.0.0"
edition = "2021"

[dependencies]
aws_lambda_events = { version = "=1.2.1", default-features = false, features = ["cognito"] }
serde_json = "1"
TOML
cat >src/main.rs <<'RS'
use aws_lambda_events::cognito::*;

fn read<T: serde::de::DeserializeOwned>(event: &str) -> &'static str {
    match serde_json::from_str::<T>(event) {
        Ok(_) => "taken",
        Err(error) => {
            eprintln!("{event} {error}");
            "refused"
        }
    }
}

fn main() {
    for line in std::fs::read_to_string("events.tsv").unwrap().lines() {
        let mut parts = line.split('\t');
        let kind = parts.next().unwrap();
        let event = parts.nth(1).unwrap();
        println!("{}", match kind {
            "presignup" => read::<CognitoEventUserPoolsPreSignup>(event),
            "postconfirmation" => read::<CognitoEventUserPoolsPostConfirmation>(event),
            "define" => read::<CognitoEventUserPoolsDefineAuthChallenge>(event),
            "token1" => read::<CognitoEventUserPoolsPreTokenGen>(event),
            "token2" => read::<CognitoEventUserPoolsPreTokenGenV2>(event),
            _ => "-",
        });
    }
}
RS
sed -i 's/^serde_json/serde = "1"\nserde_json/' Cargo.toml

env/bin/python read.py >python 2>python.said
node read.cjs >typescript 2>typescript.said
cargo run --quiet >rust 2>rust.said || { cat rust.said; exit 1; }
cut -f2 events.tsv >names
paste -d' ' <(sed 's/$/:/' names) python typescript rust | tee seen

diff - seen <<'EXPECTED'
PreSignUp_SignUp: taken taken taken
PreSignUp_AdminCreateUser: refused refused taken
PreSignUp_ExternalProvider: refused refused taken
PostConfirmation_ConfirmSignUp: taken taken taken
PostConfirmation_ConfirmForgotPassword: refused refused taken
CustomEmailSender_SignUp: taken taken -
CustomEmailSender_ForgotPassword: refused refused -
DefineAuthChallenge_Authentication, first round: taken taken taken
DefineAuthChallenge_Authentication, second round: refused taken taken
TokenGeneration_Authentication, V1: taken taken taken
TokenGeneration_Authentication, V2: refused taken taken
TokenGeneration_ClientCredentials, V3: refused taken refused
EXPECTED
echo 'as found'
