#!/usr/bin/env bash
# Dovecot 2.4.1 (IMAP, XOAUTH2), ejabberd 24.12, Slurm 24.11.5 (all Debian 13) and Synapse 1.160.0 (Matrix, PyPI, Python
# 3.11): who a user is to them with an access token of a user pool. It has no `email`; the name is in `username`, which
# each is told to read. The names are those that settings of a pool lead to: `ann` and `Ben` in a pool of user names,
# `ann@example.com` in one where people signed up with their address as the name, the `sub` with `UsernameAttributes:
# [email]`, `Google_1` from a provider in a pool that looks at capitals, and `google_1` in one that does not (in lower
# case: aws-amplify/amplify-js issue 13844). The user types the name that is in the token. ejabberd and Synapse serve
# example.com, and the system of Slurm has the accounts ann and ben. Keys, tokens and the answer of /oauth2/userInfo are
# made here.
#
# Guess: a name is a name: each takes the one in the token as it is, or makes it fit. Slurm refuses a name without an
#   account. All read the keys of the pool as Cognito publishes them, a set of two.
# Behaviour: no name is good for all four, and two want the contrary of each other. ejabberd takes a whole address of
#   its own host alone, Synapse none with an `@`. So which chat can be behind a pool is decided when the pool is made:
#   with `UsernameAttributes: [email]` an access token cannot sign in to ejabberd, and where addresses are the names it
#   cannot sign in to Synapse. Synapse makes no user with a capital in the name. Dovecot makes the name that is typed
#   lower case (`auth_username_format`) and compares it with the token's as that is. So it refuses each name with a
#   capital, among them all users of a provider in a pool that looks at capitals, until
#   `oauth2_username_validation_format` is `%{user | lower}`. Slurm takes the job of a name without an account, as user
#   99, the same for all of them: with `UsernameAttributes: [email]` that is everybody. Dovecot alone has another way to
#   the address: it can ask /oauth2/userInfo, if the client has the scopes openid and email. ejabberd ends at its start
#   with the pool's set of two keys, and wants the one that signs access tokens.
# Output seen:
#   dovecot, ann: taken
#   dovecot, Ben: refused (AUTHENTICATIONFAILED)
#   dovecot, ann@example.com: taken
#   dovecot, 11111111-2222-4333-8444-555555555555: taken
#   dovecot, Google_1: refused (AUTHENTICATIONFAILED)
#   dovecot, google_1: taken
#   dovecot with username_validation_format, Google_1: taken
#   dovecot by /oauth2/userInfo, ann@example.com: taken
#   ejabberd, ann: refused
#   ejabberd, Ben: refused
#   ejabberd, ann@example.com: ann@example.com
#   ejabberd, 11111111-2222-4333-8444-555555555555: refused
#   ejabberd, Google_1: refused
#   ejabberd, google_1: refused
#   ejabberd with the pool's own set of two keys: ends at its start
#   slurm, ann: job of user 1001
#   slurm, Ben: job of user 99
#   slurm, ann@example.com: job of user 99
#   slurm, 11111111-2222-4333-8444-555555555555: job of user 99
#   slurm, Google_1: job of user 99
#   slurm, google_1: job of user 99
#   synapse, ann: @ann:example.com
#   synapse, Ben: refused (M_INVALID_USERNAME)
#   synapse, ann@example.com: refused (M_INVALID_USERNAME)
#   synapse, 11111111-2222-4333-8444-555555555555: @11111111-2222-4333-8444-555555555555:example.com
#   synapse, Google_1: refused (M_INVALID_USERNAME)
#   synapse, google_1: @google_1:example.com
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyjwt==2.14.0 cryptography==46.0.3 matrix-synapse==1.160.0 \
    authlib==1.9.10

# The packages of Debian 13 are unpacked into a folder, and their programs run in it (chroot, so as root).
mkdir -p apt/lists/partial apt/cache/archives/partial root/usr/{bin,sbin,lib,lib64} root/dev root/tmp root/srv
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
# shellcheck disable=SC2016 # the variable is one of apt-get
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | sed -n 1p)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >apt/sources.list
: >apt/status
options=(-o "Dir::Etc::sourcelist=$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State=$work/apt"
    -o "Dir::State::status=$work/apt/status" -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update >said 2>&1
apt-get "${options[@]}" --yes --no-install-recommends --download-only install dash coreutils sed dovecot-imapd \
    ejabberd slurmctld slurm-client slurm-wlm-jwt-plugin >said 2>&1
for version in dovecot-core_1%3a2.4.1 ejabberd_24.12 slurmctld_24.11.5; do
    compgen -G "apt/cache/archives/$version*" >/dev/null || { echo "another version than $version"; exit 1; }
done
for package in apt/cache/archives/*.deb; do
    dpkg --fsys-tarfile "$package" | tar -x -C root --keep-directory-symlink
done
ln -sf dash root/usr/bin/sh
ln -sf slurmctld-wlm root/usr/sbin/slurmctld
mknod -m 666 root/dev/null c 1 3
mknod -m 666 root/dev/urandom c 1 9
number=100
for name in root:0 dovecot dovenull vmail slurm ann:1001 ben:1002; do
    number=$((number + 1))
    id=$number
    [ "$name" = "${name%:*}" ] || id=${name#*:}
    echo "${name%:*}:x:$id:$id::/tmp:/bin/sh" >>root/etc/passwd
    echo "${name%:*}:x:$id:" >>root/etc/group
done
echo '127.0.0.1 localhost' >root/etc/hosts

cat >servers.py <<'PY'
import base64
import contextlib
import http.server
import json
import os
import pathlib
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SUB = "11111111-2222-4333-8444-555555555555"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E"
KEYS = {kid: rsa.generate_private_key(65537, 2048) for kid in ("idKey0=", "accessKey0=")}
MAIL = "ann@example.com"
NAMES = ["ann", "Ben", MAIL, SUB, "Google_1", "google_1"]
ROOT = pathlib.Path("root")
ENVIRONMENT = {"PATH": "/usr/lib/erlang/bin:/usr/sbin:/usr/bin", "HOME": "/tmp"}


class UserInfo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        assert self.headers["authorization"].startswith("Bearer ")
        self.send_response(200)
        self.send_header("content-type", "application/json;charset=UTF-8")
        self.end_headers()
        user = {"sub": SUB, "email_verified": "true", "email": MAIL, "username": SUB}
        self.wfile.write(json.dumps(user).encode())

    def log_message(self, *_):
        pass


def public(kid):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return KEYS[kid].public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def jwk(kid):
    made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[kid].public_key()))
    return {"alg": "RS256", "e": made["e"], "kid": kid, "kty": "RSA", "n": made["n"], "use": "sig"}


def token(username):
    now = int(time.time())
    claims = {"sub": SUB, "iss": ISSUER, "version": 2, "client_id": "1example23456789", "token_use": "access"}
    claims |= {"scope": "openid email", "auth_time": now, "exp": now + 3600, "iat": now, "jti": "1"}
    claims["username"] = username
    return jwt.encode(claims, KEYS["accessKey0="], "RS256", {"kid": "accessKey0="})


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(*command, inside=True):
    command = ["/usr/sbin/chroot", "root", *command] if inside else command
    with open("server.said", "a") as said:
        server = subprocess.Popen(command, env=ENVIRONMENT if inside else None, stdout=said, stderr=said)
        try:
            yield server
        finally:
            server.terminate()
            server.wait()


def connected(port):
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), 20)
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"no server at {port}")


@contextlib.contextmanager
def dovecot(settings):
    port = free()
    for kid in KEYS:
        folder = ROOT / "keys/default/RS256"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / kid).write_text(public(kid))
    (ROOT / "etc/mail.conf").write_text(f"""
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
log_path = /tmp/mail.log
auth_failure_delay = 0
auth_mechanisms = xoauth2
auth_allow_cleartext = yes
protocols = imap
ssl = no
mail_driver = maildir
mail_path = /srv/%{{user}}
passdb oauth2 {{
}}
userdb static {{
  fields {{
    uid = vmail
    gid = vmail
    home = /srv
  }}
}}
oauth2 {{
  {settings}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    listen = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
    with running("/usr/sbin/dovecot", "-F", "-c", "/etc/mail.conf"):
        yield lambda name, typed=None: mail(port, typed or name, token(name))


def mail(port, name, access):
    with connected(port) as one, one.makefile("rwb", 0) as line:
        line.readline()
        line.write(b"a AUTHENTICATE XOAUTH2\r\n")
        line.readline()
        line.write(base64.b64encode(f"user={name}\1auth=Bearer {access}\1\1".encode()) + b"\r\n")
        said = line.readline()
        if said.startswith(b"+"):
            line.write(b"\r\n")
            said = line.readline()
    return "taken" if said.startswith(b"a OK") else f"refused ({said.split()[2].decode().strip('[]')})"


def chat_settings(port, keys):
    (ROOT / "etc/chat.jwk").write_text(json.dumps(keys))
    (ROOT / "etc/chat.yml").write_text(f"""
hosts: [example.com]
listen: [{{port: {port}, ip: 127.0.0.1, module: ejabberd_c2s}}]
auth_method: [jwt]
jwt_key: /etc/chat.jwk
jwt_jid_field: username
modules: {{}}
""")
    library = next(ROOT.glob("usr/lib/x86_64-linux-gnu/ejabberd-*/ebin/ejabberd.app")).parent.relative_to(ROOT)
    settings = ["-mnesia", "dir", f'"/tmp/chat{port}"', "-ejabberd", "config", '"/etc/chat.yml"']
    settings += ["log_path", '"/tmp/chat.log"']
    paths = ["-pa", f"/{library}", "-env", "ERL_LIBS", "/usr/lib/x86_64-linux-gnu"]
    return ["erl", "-noinput", *paths, *settings, "-s", "ejabberd"]


@contextlib.contextmanager
def ejabberd():
    port = free()
    with running(*chat_settings(port, jwk("accessKey0="))):
        yield lambda name: chat(port, name.partition("@")[0].lower(), token(name))


def chat(port, name, access):
    with connected(port) as one:
        one.sendall(
            b"<stream:stream to='example.com' xmlns='jabber:client' version='1.0'"
            b" xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        said = ""
        while "</stream:features>" not in said:
            said += one.recv(65536).decode()
        text = base64.b64encode(f"\0{name}\0{access}".encode()).decode()
        one.sendall(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{text}</auth>".encode())
        said = one.recv(65536).decode()
    return f"{name}@example.com" if said.startswith("<success") else "refused"


@contextlib.contextmanager
def slurm():
    settings = f"""
ClusterName=example
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={free()}
SlurmUser=slurm
AuthType=auth/slurm
CredType=cred/slurm
AuthAltTypes=auth/jwt
AuthAltParameters=jwks=/etc/slurm/jwks.json,userclaimfield=username
StateSaveLocation=/var/spool/slurm
SlurmctldPidFile=/tmp/slurm.pid
MailProg=/usr/bin/true
ProctrackType=proctrack/linuxproc
NodeName=one State=CLOUD
PartitionName=all Nodes=one Default=YES
"""
    files = {"slurm.conf": settings.encode(), "slurm.key": os.urandom(1024)}
    files["jwks.json"] = json.dumps({"keys": [jwk(kid) for kid in KEYS]}).encode()
    places = [ROOT / "etc/slurm", ROOT / "var/spool/slurm"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (places[0] / name).write_bytes(content)
        (places[0] / name).chmod(0o600 if name != "slurm.conf" else 0o644)
    number = next(int(line.split(":")[2]) for line in (ROOT / "etc/passwd").open() if line.startswith("slurm:"))
    for place in [*places, *places[0].iterdir()]:
        os.chown(place, number, number)
    with running("/usr/sbin/slurmctld", "-D", "-c"):
        yield cluster


def cluster(name):
    def call(*command, **more):
        made = {**ENVIRONMENT, **more}
        return subprocess.run(["/usr/sbin/chroot", "root", *command], env=made, capture_output=True, text=True, cwd=".")

    for _ in range(100):
        answer = call("sbatch", "--parsable", "--wrap", "true", SLURM_JWT=token(name))
        if "contact slurm controller" not in answer.stderr:
            break
        time.sleep(0.3)
    if answer.returncode:
        return f"refused ({answer.stderr.strip()})"
    return f"job of user {call('squeue', '-h', '-j', answer.stdout.strip(), '-o', '%U').stdout.strip()}"


@contextlib.contextmanager
def synapse():
    port, here = free(), os.getcwd()
    listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}
    settings = {"server_name": "example.com", "listeners": [listener], "trusted_key_servers": []}
    settings |= {"database": {"name": "sqlite3", "args": {"database": f"{here}/synapse.db"}}}
    settings |= {"media_store_path": f"{here}/media", "signing_key_path": f"{here}/signing.key", "report_stats": False}
    settings |= dict.fromkeys(("macaroon_secret_key", "form_secret", "registration_shared_secret"), "example")
    settings["jwt_config"] = {"enabled": True, "algorithm": "RS256", "subject_claim": "username"}
    settings["jwt_config"]["secret"] = public("accessKey0=")
    limit = {"per_second": 100, "burst_count": 100}
    settings["rc_login"] = dict.fromkeys(("address", "account", "failed_attempts"), limit)
    pathlib.Path("synapse.yaml").write_text(json.dumps(settings))
    command = ["env/bin/python", "-m", "synapse.app.homeserver", "-c", "synapse.yaml"]
    subprocess.run([*command, "--generate-keys"], check=True, capture_output=True)
    with running(*command, inside=False):
        connected(port).close()
        yield lambda name: matrix(port, token(name))


def matrix(port, access):
    body = json.dumps({"type": "org.matrix.login.jwt", "token": access}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_matrix/client/v3/login", body)
    try:
        return json.load(urllib.request.urlopen(request))["user_id"]
    except urllib.error.HTTPError as error:
        return f"refused ({json.load(error)['errcode']})"


LOWER = "username_validation_format = %{user | lower}\n  "
LOCAL = """introspection_mode = local
  username_attribute = username
  oauth2_local_validation {
    dict fs {
      fs posix {
        prefix = /keys/
      }
    }
  }"""
service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), UserInfo)
threading.Thread(target=service.serve_forever, daemon=True).start()
by_email = f"""introspection_mode = auth
  introspection_url = http://127.0.0.1:{service.server_port}/oauth2/userInfo
  username_attribute = email"""


def show(title, server, names=NAMES):
    with server as ask:
        for name in names:
            print(f"{title}, {name}: {ask(name)}")


show("dovecot", dovecot(LOCAL))
show("dovecot with username_validation_format", dovecot(LOWER + LOCAL), ["Google_1"])
with dovecot(by_email) as ask:
    print(f"dovecot by /oauth2/userInfo, {MAIL}: {ask(SUB, MAIL)}")
show("ejabberd", ejabberd())
with running(*chat_settings(free(), {"keys": [jwk(kid) for kid in KEYS]})) as server:
    print(f"ejabberd with the pool's own set of two keys: {'ends at its start' if server.wait(300) else 'ends'}")
show("slurm", slurm())
show("synapse", synapse())
PY
env/bin/python servers.py >seen 2>said || { tail -n 5 said server.said; exit 1; }
cat seen

diff - seen <<'EXPECTED'
dovecot, ann: taken
dovecot, Ben: refused (AUTHENTICATIONFAILED)
dovecot, ann@example.com: taken
dovecot, 11111111-2222-4333-8444-555555555555: taken
dovecot, Google_1: refused (AUTHENTICATIONFAILED)
dovecot, google_1: taken
dovecot with username_validation_format, Google_1: taken
dovecot by /oauth2/userInfo, ann@example.com: taken
ejabberd, ann: refused
ejabberd, Ben: refused
ejabberd, ann@example.com: ann@example.com
ejabberd, 11111111-2222-4333-8444-555555555555: refused
ejabberd, Google_1: refused
ejabberd, google_1: refused
ejabberd with the pool's own set of two keys: ends at its start
slurm, ann: job of user 1001
slurm, Ben: job of user 99
slurm, ann@example.com: job of user 99
slurm, 11111111-2222-4333-8444-555555555555: job of user 99
slurm, Google_1: job of user 99
slurm, google_1: job of user 99
synapse, ann: @ann:example.com
synapse, Ben: refused (M_INVALID_USERNAME)
synapse, ann@example.com: refused (M_INVALID_USERNAME)
synapse, 11111111-2222-4333-8444-555555555555: @11111111-2222-4333-8444-555555555555:example.com
synapse, Google_1: refused (M_INVALID_USERNAME)
synapse, google_1: @google_1:example.com
EXPECTED
echo 'as found'
