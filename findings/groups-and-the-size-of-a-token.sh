#!/usr/bin/env bash
# RabbitMQ 4.0.5 with its plugins for OAuth 2, MQTT and STOMP, Dovecot 2.4.1 (IMAP, XOAUTH2) and ejabberd 24.12 (XMPP;
# all Debian 13), with the client amqp 5.3.1 (PyPI): how many groups of a user pool its user can be in. Each group is in
# `cognito:groups` of every token. A user can be in 100 groups, by the quotas; here the names have 40 of 128 characters.
# Keys and tokens are made here, by PyJWT 2.14.0 (PyPI); an access token without a group has 1.1 kB.
#
# Guess: the limits are those of messages: 128 kB in AMQP (`frame_max`), 64 kB for a password in MQTT and for a line of
#   IMAP. A token of 7 kB, with 100 such groups, passes everywhere, as it passes most HTTP servers.
# Behaviour: a sign-in has a limit of its own. Over AMQP 0-9-1, RabbitMQ takes no frame over 4 kB before a larger size
#   is agreed on, and closes the connection: to the client it is a reset, and the log of the broker alone names the
#   frame. Dovecot takes 8 kB in base64, a token of 6 kB, and closes the connection as well ("too large" in its log). So
#   a user is locked out with the 50th group, or the 88th, and with nothing else changed, while the other members of
#   that group are not. MQTT and STOMP at the same broker, and ejabberd, take all. It is the length that counts: long
#   names of groups, many scopes with a long identifier of the resource server, and claims that a trigger adds reach it
#   too. Keep the names of groups short where such a server reads the tokens, and set `initial_frame_max` in
#   rabbitmq.conf.
# Output seen (the most groups with which the token is taken, and its length):
#   RabbitMQ, AMQP 0-9-1: 49 groups, 3883 bytes
#   RabbitMQ, MQTT: all 100 groups
#   RabbitMQ, STOMP: all 100 groups
#   RabbitMQ with initial_frame_max = 32768, AMQP 0-9-1: all 100 groups
#   Dovecot, IMAP: 87 groups, 6062 bytes
#   ejabberd, XMPP: all 100 groups
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyjwt==2.14.0 cryptography==46.0.3 amqp==5.3.1

# The packages of Debian 13 are unpacked into a folder, and their programs run in it (chroot, so as root).
mkdir -p apt/lists/partial apt/cache/archives/partial root/usr/{bin,sbin,lib,lib64} root/{dev,tmp,srv,keys}
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
# shellcheck disable=SC2016 # the variable is one of apt-get
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | sed -n 1p)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >apt/sources.list
: >apt/status
options=(-o "Dir::Etc::sourcelist=$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State=$work/apt"
    -o "Dir::State::status=$work/apt/status" -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update >said 2>&1
apt-get "${options[@]}" --yes --no-install-recommends --download-only install dash coreutils sed grep mawk \
    dovecot-imapd ejabberd rabbitmq-server >said 2>&1
for version in dovecot-core_1%3a2.4.1 ejabberd_24.12 rabbitmq-server_4.0.5; do
    compgen -G "apt/cache/archives/$version*" >/dev/null || { echo "another version than $version"; exit 1; }
done
for package in apt/cache/archives/*.deb; do
    dpkg --fsys-tarfile "$package" | tar -x -C root --keep-directory-symlink
done
ln -sf dash root/usr/bin/sh
ln -sf mawk root/usr/bin/awk
mknod -m 666 root/dev/null c 1 3
mknod -m 666 root/dev/urandom c 1 9
number=0
for name in root dovecot dovenull vmail; do
    echo "$name:x:$number:$number::/tmp:/bin/sh" >>root/etc/passwd
    echo "$name:x:$number:" >>root/etc/group
    number=$((number + 1))
done
echo '127.0.0.1 localhost' >root/etc/hosts

cat >servers.py <<'PY'
import base64
import contextlib
import json
import pathlib
import socket
import struct
import subprocess
import time

import amqp
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

UUID = "11111111-2222-4333-8444-555555555555"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E"
KID = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2"
MAIL = "ann@example.com"
key = rsa.generate_private_key(65537, 2048)
ROOT = pathlib.Path("root")
ENVIRONMENT = {"PATH": "/usr/lib/erlang/bin:/usr/sbin:/usr/bin", "HOME": "/tmp"}


def token(groups):
    now = int(time.time())
    names = [f"{number:03}-".ljust(40, "g") for number in range(groups)]
    claims = {"sub": UUID, "cognito:groups": names, "iss": ISSUER}
    claims |= {"version": 2, "client_id": "1example2example3example4e", "origin_jti": UUID, "event_id": UUID}
    claims |= {"token_use": "access", "scope": "openid rabbitmq/read:*/*", "jti": UUID, "username": MAIL}
    claims |= {"auth_time": now, "exp": now + 3600, "iat": now}
    return jwt.encode(claims, key, "RS256", {"kid": KID, "typ": None})


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(*command, **more):
    with open("server.said", "a") as said:
        chroot = ["/usr/sbin/chroot", "root", *command]
        server = subprocess.Popen(chroot, env=ENVIRONMENT | more, stdout=said, stderr=said)
        try:
            yield server
        finally:
            server.terminate()
            server.wait()


def connected(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port), 20)
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"no server at {port}")


def wait_for(log, text):
    for _ in range(100):
        if text in (ROOT / log).read_text():
            return
        time.sleep(0.2)
    raise SystemExit(f"{log} does not say {text}")


def show(title, taken):
    """The largest number of groups, of the 100 that a user can be in, with which the token is taken."""
    good, bad = 0, 101
    assert taken(token(0)), title
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if taken(token(middle)) else (good, middle)
    print(f"{title}: {good} groups, {len(token(good))} bytes" if bad < 101 else f"{title}: all 100 groups")


def mail(port):
    folder = ROOT / "keys/default/RS256"
    folder.mkdir(parents=True)
    (folder / KID).write_bytes(PEM)
    (ROOT / "etc/mail.conf").write_text(f"""
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
log_path = /tmp/mail.log
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
  introspection_mode = local
  username_attribute = username
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = /keys/
      }}
    }}
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

    def taken(access):
        with connected(port) as one, one.makefile("rwb", 0) as line:
            line.readline()
            line.write(b"a AUTHENTICATE XOAUTH2\r\n")
            line.readline()
            line.write(base64.b64encode(f"user={MAIL}\1auth=Bearer {access}\1\1".encode()) + b"\r\n")
            said = line.readline()
        if said.startswith(b"a OK"):
            return True
        assert not said, said
        wait_for("tmp/mail.log", "Authentication response too large")
        return False

    return taken


def chat(port):
    made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    made = {"alg": "RS256", "kid": KID, "kty": "RSA", "e": made["e"], "n": made["n"]}
    (ROOT / "etc/chat.jwk").write_text(json.dumps(made))
    (ROOT / "etc/chat.yml").write_text(f"""
hosts: [example.com]
listen: [{{port: {port}, ip: 127.0.0.1, module: ejabberd_c2s}}]
auth_method: [jwt]
jwt_key: /etc/chat.jwk
jwt_jid_field: username
modules: {{}}
""")

    def taken(access):
        with connected(port) as one:
            one.sendall(
                b"<stream:stream to='example.com' xmlns='jabber:client' version='1.0'"
                b" xmlns:stream='http://etherx.jabber.org/streams'>"
            )
            said = ""
            while "</stream:features>" not in said:
                said += one.recv(65536).decode()
            text = base64.b64encode(f"\0ann\0{access}".encode()).decode()
            one.sendall(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{text}</auth>".encode())
            return one.recv(65536).startswith(b"<success")

    return taken


def by_amqp(port):
    def taken(access):
        one = amqp.Connection(f"127.0.0.1:{port}", "", access, "PLAIN", connect_timeout=20, read_timeout=20)
        try:
            one.connect()
        except (ConnectionResetError, BrokenPipeError):
            wait_for("tmp/broker/one@localhost.log", "frame_too_large")
            return False
        one.close()
        return True

    return taken


def by_mqtt(port):
    def taken(access):
        parts = (b"one", b"ann", access.encode())
        body = b"\0\4MQTT\4\xc2\0\x3c" + b"".join(struct.pack(">H", len(part)) + part for part in parts)
        size, left = b"", len(body)
        while not size or left:
            left, digit = divmod(left, 128)
            size += bytes([digit | (128 if left else 0)])
        with connected(port) as one:
            one.sendall(b"\x10" + size + body)
            return one.recv(4) == b"\x20\2\0\0"

    return taken


def by_stomp(port):
    def taken(access):
        with connected(port) as one:
            one.sendall(f"CONNECT\naccept-version:1.2\nhost:/\nlogin:ann\npasscode:{access}\n\n\0".encode())
            return one.recv(4096).startswith(b"CONNECTED")

    return taken


@contextlib.contextmanager
def broker(more=""):
    ports = {"amqp": free(), "mqtt": free(), "stomp": free()}
    names, distribution = free(), free()
    folder = ROOT / "etc/rabbitmq"
    folder.mkdir(exist_ok=True)
    (folder / "enabled_plugins").write_text("[rabbitmq_auth_backend_oauth2,rabbitmq_mqtt,rabbitmq_stomp].")
    (folder / "rabbitmq.conf").write_text(f"""
listeners.tcp.1 = 127.0.0.1:{ports["amqp"]}
mqtt.listeners.tcp.1 = 127.0.0.1:{ports["mqtt"]}
stomp.listeners.tcp.1 = 127.0.0.1:{ports["stomp"]}
total_memory_available_override_value = 2GB
auth_backends.1 = oauth2
auth_oauth2.resource_server_id = rabbitmq
auth_oauth2.verify_aud = false
auth_oauth2.scope_prefix = rabbitmq/
auth_oauth2.signing_keys.{KID} = /tmp/key.pem
{more}
""")
    place = next(ROOT.glob("usr/lib/rabbitmq/lib/rabbitmq_server-*")).relative_to(ROOT)
    settings = {"RABBITMQ_NODENAME": "one@localhost", "RABBITMQ_LOG_BASE": "/tmp/broker", "HOSTNAME": "localhost"}
    settings |= {"RABBITMQ_DIST_PORT": str(distribution), "ERL_EPMD_PORT": str(names)}
    settings |= {"RABBITMQ_MNESIA_BASE": f"/tmp/broker{names}"}
    with running(f"/{place}/sbin/rabbitmq-server", **settings):
        for port in ports.values():
            connected(port).close()
        yield ports
    # The daemon of names that the broker started, at a port of its own.
    subprocess.run(["/usr/sbin/chroot", "root", "epmd", "-kill"], env=ENVIRONMENT | settings, capture_output=True)


def chat_command():
    library = next(ROOT.glob("usr/lib/x86_64-linux-gnu/ejabberd-*/ebin/ejabberd.app")).parent.relative_to(ROOT)
    settings = ["-mnesia", "dir", '"/tmp/chat"', "-ejabberd", "config", '"/etc/chat.yml"']
    settings += ["log_path", '"/tmp/chat.log"']
    return ["erl", "-noinput", "-pa", f"/{library}", *settings, "-s", "ejabberd"]


PEM = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
(ROOT / "tmp/key.pem").write_bytes(PEM)
with broker() as ports:
    show("RabbitMQ, AMQP 0-9-1", by_amqp(ports["amqp"]))
    show("RabbitMQ, MQTT", by_mqtt(ports["mqtt"]))
    show("RabbitMQ, STOMP", by_stomp(ports["stomp"]))
with broker("initial_frame_max = 32768") as ports:
    show("RabbitMQ with initial_frame_max = 32768, AMQP 0-9-1", by_amqp(ports["amqp"]))
port = free()
taken = mail(port)
with running("/usr/sbin/dovecot", "-F", "-c", "/etc/mail.conf"):
    show("Dovecot, IMAP", taken)
taken = chat(port)
with running(*chat_command(), ERL_LIBS="/usr/lib/x86_64-linux-gnu"):
    show("ejabberd, XMPP", taken)
PY
env/bin/python servers.py >seen 2>said || { tail -n 5 said server.said; exit 1; }
cat seen

diff - seen <<'EXPECTED'
RabbitMQ, AMQP 0-9-1: 49 groups, 3883 bytes
RabbitMQ, MQTT: all 100 groups
RabbitMQ, STOMP: all 100 groups
RabbitMQ with initial_frame_max = 32768, AMQP 0-9-1: all 100 groups
Dovecot, IMAP: 87 groups, 6062 bytes
ejabberd, XMPP: all 100 groups
EXPECTED
echo 'as found'
