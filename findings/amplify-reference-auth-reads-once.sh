#!/usr/bin/env bash
# @aws-amplify/backend-auth 1.10.1, @aws-amplify/auth-construct 1.12.0, @aws-amplify/client-config 1.11.1 and
# @aws-amplify/core 6.19.2 with aws-cdk-lib 2.276.0 (npm, Node.js 20): `referenceAuth` of Amplify Gen 2, by which an
# application uses a user pool that another tool manages.
#
# Guess: each deployment of Amplify reads the pool anew, so that amplify_outputs.json follows a change of the pool. The
#   file has the words that it has for a pool of Amplify's own. Every pool may be referred to, with any app client
#   without a secret.
# Behaviour: a custom resource reads the pool, and its properties are the ids, the roles and the groups alone. A
#   deployment that changes none of them has the same properties, for which CloudFormation calls no custom resource. So
#   the password policy, MFA, scopes, addresses and domain of the first deployment stay in amplify_outputs.json. The
#   factors are SMS_MFA and EMAIL_MFA there, where Amplify's own pool has SMS and EMAIL, so that the library reads that
#   SMS is off. SAML providers and the groups are left out. A pool with alias attributes is refused; so is an app client
#   without a sign-out address, as soon as the pool has a provider. A secret is noticed as `ClientSecret` only: a client
#   whose secret is in Secrets Manager (`ClientSecretArn`) is deployed like one without, though a browser has no use for
#   it. A group is found by its role, and its name is not compared.
#   Whoever changes such a pool with another tool has to change a property of the reference too, or to keep what may
#   change out of amplify_outputs.json.
# Output seen:
#   properties of two deployments: equal
#     ServiceToken authRoleArn groups identityPoolId region unauthRoleArn userPoolClientId userPoolId
#   referred: mfa_methods ["SMS_MFA","TOTP","EMAIL_MFA"], the library: SMS false, TOTP true
#   own: mfa_methods ["SMS","TOTP","EMAIL"], the library: SMS true, TOTP true
#   providers Google, SAML: ["GOOGLE"]; groups: undefined
#   alias attributes: refused (alias)
#   no sign-out address: refused (sign-out)
#   ClientSecret: refused (web client)
#   ClientSecretArn: taken
#   group of another name: taken
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/backend-auth@1.10.1 @aws-amplify/auth-construct@1.12.0 \
    @aws-amplify/client-config@1.11.1 @aws-amplify/core@6.19.2 aws-cdk-lib@2.276.0 constructs@10.8.1 esbuild@0.25.12 \
    @aws-sdk/client-cognito-identity-provider@3.1169.0 @aws-sdk/client-cognito-identity@3.1161.0

cat >read.mjs <<'JS'
import { App, Stack } from "aws-cdk-lib";
import { parseAmplifyOutputs } from "@aws-amplify/core/internals/utils";
import { AmplifyAuth } from "@aws-amplify/auth-construct";

const at = (file) => import(`./node_modules/@aws-amplify/${file}.js`);
const { AmplifyReferenceAuth } = await at("backend-auth/lib/reference_construct");
const { ReferenceAuthInitializer } = await at("backend-auth/lib/lambda/reference_auth_initializer");
const contributors = "client-config/lib/client-config-contributor";
const { AuthClientConfigContributor } = await at(`${contributors}/client_config_contributor_v1`);

const region = "eu-west-1";
const role = (name) => `arn:aws:iam::111122223333:role/${name}`;
const names = {
  userPoolId: `${region}_a1B2c3D4E`,
  userPoolClientId: "1example23456789",
  identityPoolId: `${region}:11111111-2222-3333-4444-555555555555`,
};
const props = { ...names, authRoleArn: role("in"), unauthRoleArn: role("out"), groups: { admins: role("admins") } };

const kept = [];
const keep = { addBackendOutputEntry: (key, entry) => kept.push({ [key]: entry }), appendToBackendOutputList() {} };
function stack(make) {
  const app = new App({ context: { "aws:cdk:bundling-stacks": [] } });
  const made = new Stack(app, "auth", { env: { region, account: "111122223333" } });
  make(made);
  return app.synth().getStackByName("auth").template.Resources;
}
const reference = () =>
  Object.values(stack((made) => new AmplifyReferenceAuth(made, "auth", { ...props, outputStorageStrategy: keep })))
    .find(({ Type }) => Type === "Custom::AmplifyRefAuth").Properties;
const first = reference();
await new Promise((done) => setTimeout(done, 1100));
const same = JSON.stringify(first) === JSON.stringify(reference());
console.log(`properties of two deployments: ${same ? "equal" : "different"}`);
console.log(`  ${Object.keys(first).sort().join(" ")}`);

const pool = {
  Id: names.userPoolId,
  Domain: "customers",
  MfaConfiguration: "OPTIONAL",
  Policies: { PasswordPolicy: { MinimumLength: 12 } },
};
const client = {
  ClientId: names.userPoolClientId,
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid"],
  CallbackURLs: ["https://app.example.com/"],
  LogoutURLs: ["https://app.example.com/"],
};
const mfa = {
  MfaConfiguration: "OPTIONAL",
  SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: role("sms") } },
  SoftwareTokenMfaConfiguration: { Enabled: true },
  EmailMfaConfiguration: {},
};
const Providers = [
  { ProviderName: "Google", ProviderType: "Google" },
  { ProviderName: "Okta", ProviderType: "SAML" },
];
const identity = { ProviderName: `cognito-idp.${region}.amazonaws.com/${pool.Id}`, ClientId: client.ClientId };
async function referred(changes = {}) {
  const answers = {
    DescribeUserPool: { UserPool: { ...pool, ...changes.pool } },
    DescribeUserPoolClient: { UserPoolClient: { ...client, ...changes.client } },
    GetUserPoolMfaConfig: mfa,
    ListIdentityProviders: { Providers },
    ListGroups: { Groups: [{ GroupName: changes.group ?? "admins", RoleArn: role("admins") }] },
    DescribeIdentityPool: { IdentityPoolId: names.identityPoolId, CognitoIdentityProviders: [identity] },
    GetIdentityPoolRoles: { Roles: { authenticated: props.authRoleArn, unauthenticated: props.unauthRoleArn } },
  };
  const service = { send: async (command) => answers[command.constructor.name.replace(/Command$/, "")] };
  const reader = new ReferenceAuthInitializer(service, service, () => "id");
  const event = { RequestType: "Create", ResourceProperties: { ...props, region } };
  return (await reader.handleEvent(event)).Data;
}
const KEY = "AWS::Amplify::Auth";
const configured = (payload) => new AuthClientConfigContributor().contribute({ [KEY]: { version: "1", payload } }).auth;
const told = (auth) => {
  const { mfa } = parseAmplifyOutputs({ version: "1.4", auth }).Auth.Cognito;
  return `mfa_methods ${JSON.stringify(auth.mfa_methods)}, the library: SMS ${mfa.smsEnabled}, TOTP ${mfa.totpEnabled}`;
};
const payload = { userPoolId: pool.Id, webClientId: client.ClientId, authRegion: region, ...(await referred()) };
const auth = configured(payload);
console.log(`referred: ${told(auth)}`);

kept.splice(0);
const multifactor = { mode: "OPTIONAL", sms: true, totp: true, email: true };
stack((made) => {
  const senders = { email: { fromEmail: "mail@example.com" } };
  new AmplifyAuth(made, "own", { loginWith: { email: true }, multifactor, senders, outputStorageStrategy: keep });
  const { payload: own } = kept.map((entry) => entry[KEY]).find(Boolean);
  console.log(`own: ${told(configured(made.resolve({ ...payload, mfaTypes: own.mfaTypes })))}`);
});
const { groups, oauth } = auth;
console.log(`providers Google, SAML: ${JSON.stringify(oauth.identity_providers)}; groups: ${groups}`);

const refused = ({ message }) => `refused (${message.match(/alias|sign-out|web client/)})`;
const tried = (changes) => referred(changes).then(() => "taken", refused);
console.log(`alias attributes: ${await tried({ pool: { AliasAttributes: ["email"] } })}`);
console.log(`no sign-out address: ${await tried({ client: { LogoutURLs: undefined } })}`);
console.log(`ClientSecret: ${await tried({ client: { ClientSecret: "example" } })}`);
const ClientSecretArn = `arn:aws:secretsmanager:${region}:111122223333:secret:web`;
console.log(`ClientSecretArn: ${await tried({ client: { ClientSecretArn } })}`);
console.log(`group of another name: ${await tried({ group: "Admins" })}`);
JS
env -i PATH="$PATH" HOME="$work" node read.mjs 2>warnings | grep -v "^Received '" | tee seen ||
    { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
properties of two deployments: equal
  ServiceToken authRoleArn groups identityPoolId region unauthRoleArn userPoolClientId userPoolId
referred: mfa_methods ["SMS_MFA","TOTP","EMAIL_MFA"], the library: SMS false, TOTP true
own: mfa_methods ["SMS","TOTP","EMAIL"], the library: SMS true, TOTP true
providers Google, SAML: ["GOOGLE"]; groups: undefined
alias attributes: refused (alias)
no sign-out address: refused (sign-out)
ClientSecret: refused (web client)
ClientSecretArn: taken
group of another name: taken
EXPECTED
echo 'as found'
