"""The pools, manifests and endpoints that the measurements are made with."""

import copy
import json
import os
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "target/release/poolctl"
# What `tests/peers/setup.py` installs: the AWS CLI and PyYAML, pinned.
PEERS = ROOT / "target/peers"
REGION = "eu-west-1"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
# What the measured programs see of the environment, and nothing of whoever runs this.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "AWS_ACCESS_KEY_ID": KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}

# The option that paces at the service's own quotas.
RATE = ("--rate=100%",)

EXAMPLE = json.loads((ROOT / "examples/quickstart/live/eu-west-1_a1B2c3D4E.json").read_text())


def pool_id(number):
    return f"{REGION}_Pool{number:05}"


def live(number):
    """The example's pool under another name."""
    document = copy.deepcopy(EXAMPLE)
    pool = document["UserPool"]
    pool["Id"] = pool_id(number)
    pool["Arn"] = pool["Arn"].rsplit("/", 1)[0] + "/" + pool["Id"]
    pool["Name"] = f"tenant-{number:05}"
    pool["UserPoolTags"]["tenant"] = f"t{number:05}"
    return document


# Some 50 lines with what a team would declare. Eleven settings differ from the pool, some in each pool
# otherwise, so that no two plans are told alike.
MANIFEST = """\
# Who signs in as a customer of tenant {number:05}.
version: 1
pool: {pool}

settings:
  PoolName: tenant-{number:05}
  DeletionProtection: ACTIVE
  Policies:
    PasswordPolicy:
      MinimumLength: 12
      RequireUppercase: true
      RequireLowercase: true
      RequireNumbers: true
      RequireSymbols: true
      TemporaryPasswordValidityDays: 3
  AutoVerifiedAttributes: [email, phone_number]
  AdminCreateUserConfig:
    AllowAdminCreateUserOnly: false
    InviteMessageTemplate:
      EmailSubject: "Your invitation to tenant {number:05}"
      EmailMessage: |
        <p>Hello {{username}},</p>
        <p>you are invited. Your password is {{####}}.</p>
        <p>It holds for three days.</p>
  LambdaConfig:
    PreSignUp: arn:aws:lambda:eu-west-1:111122223333:function:check-invitation
  VerificationMessageTemplate:
    DefaultEmailOption: CONFIRM_WITH_CODE
    EmailSubject: Your code
    EmailMessage: |
      <html>
        <body>
          <h1>Welcome to tenant {number:05}</h1>
          <p>Hello {{username}},</p>
          <p>
            Your code is {{####}}. It is valid for 1 hour.
          </p>
          <p>If you did not ask for it, ignore this mail.</p>
        </body>
      </html>
  UserPoolTags:
    team: identity
    cost-center: "4711"
    tenant: t{number:05}
    index: "{number}"

ignore:
  - path: LambdaConfig.PostConfirmation
    reason: owned by billing
"""


def manifest(number):
    return MANIFEST.format(number=number, pool=pool_id(number))


def manifest_with_mfa(number):
    """The same with a setting that lives in the second document, which costs a call of its own."""
    return manifest(number).replace("  Policies:\n", "  SoftwareTokenMfaConfiguration: { Enabled: true }\n  Policies:\n")


def client_id(number):
    return f"{number:03}client{'x' * 17}"


def client(pool, number):
    """An app client as the service describes it."""
    return {
        "UserPoolId": pool,
        "ClientName": f"client-{number:03}",
        "ClientId": client_id(number),
        "ClientType": "REGULAR",
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {},
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": [f"https://client-{number:03}.example.com/callback"],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "EnableTokenRevocation": True,
        "AuthSessionValidity": 3,
    }


def manifest_with_clients(number, count):
    """The same with so many app clients, each with another validity than the live one."""
    entry = "  client-{0:03}: {{ id: {1}, AuthSessionValidity: 5 }}\n"
    return manifest(number) + "\nclients:\n" + "".join(entry.format(one, client_id(one)) for one in range(count))


def fleet(folder, size, of=manifest):
    """`size` saved pools in `folder`/live, and their manifests in `folder`/pools."""
    for name in ("live", "pools"):
        (folder / name).mkdir(parents=True)
    for number in range(size):
        (folder / "live" / f"{pool_id(number)}.json").write_text(json.dumps(live(number)))
        (folder / "pools" / f"{number:05}.yaml").write_text(of(number))
    return folder


@contextmanager
def sandbox(folder, *options):
    """An endpoint with the pools of `folder`/live in a process of its own; yields its URL."""
    words = [PROGRAM, "sandbox", "--port", "0", "--seed", folder / "live", f"--sandbox={folder / 'state'}", *options]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(words, env=ENVIRONMENT, **quiet) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def calls(url):
    """How often each operation was called at a sandbox, throttled calls counted."""
    with urllib.request.urlopen(f"{url}/_sandbox/calls") as answer:
        return json.load(answer)


def forget_calls(url):
    urllib.request.urlopen(urllib.request.Request(f"{url}/_sandbox/calls", method="DELETE")).close()
