#!/usr/bin/env bash
# mod_auth_openidc 2.4.12.3 in Apache 2.4.71, and HAProxy 2.6.12 (Debian 12): rules that read an attribute or a group of a
# user out of a token of a user pool. The tokens are made here with PyJWT 2.14.0 (PyPI); no service is called.
#
# Guess: both read claims with a colon in their names, as all custom attributes and `cognito:groups` have it:
#   `Require claim cognito:groups:admins` works, and `jwt_payload_query('$.cognito:groups')` reads the list. A `.` in the
#   name of a custom attribute, which Cognito allows, is no obstacle: it is read as it is, or once it is escaped.
# Behaviour: the colon is none, the dot is. To Apache `.` leads into an object too. So its rule for `custom:tenant.id`
#   works until a claim `custom:tenant` stands before it in the token, and is refused from then on: a second custom
#   attribute, added to the pool for something else, closes the site to the users who have a value for it. HAProxy reads
#   nothing for `$.custom:tenant.id`, without an error, and wants `\.` there. Of `cognito:groups` it reads nothing either,
#   only one element by its position, so a rule for a group hangs on the order and the number of a user's groups. And
#   (seen on the way) a rule of Apache for a scope compares the whole `scope`, so it is refused once the app client has a
#   second scope. The name of a custom attribute cannot be changed: letters, digits, `-` and `_` work in both.
# Output seen (Apache: Require claim; HAProxy: jwt_payload_query):
#   Apache, cognito:groups:admins: granted
#   Apache, custom:tenant-id:acme: granted
#   Apache, custom:tenant_id:acme: granted
#   Apache, custom:tenant.id:acme: granted
#   Apache, custom:tenant.id:acme, after custom:tenant was added: refused
#   Apache, scope:api/read: granted
#   Apache, scope:api/read, after api/write was added: refused
#   HAProxy, $.cognito:groups: nothing
#   HAProxy, $.cognito:groups[0]: admins
#   HAProxy, $.custom:tenant-id: acme
#   HAProxy, $.custom:tenant_id: acme
#   HAProxy, $.custom:tenant.id: nothing
#   HAProxy, $.custom:tenant\.id: acme
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
apt-get download apache2-bin libapache2-mod-auth-openidc libapr1 libaprutil1 libcjose0 libhiredis0.14 libjansson4 \
    liblua5.3-0 haproxy libopentracing-c-wrapper0 libopentracing1 >said 2>&1
for package in *.deb; do dpkg -x "$package" deb; done
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyjwt==2.14.0 cryptography==46.0.3

cat >gateways.py <<'PY'
import datetime
import http.server
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = os.getcwd()
LIBRARIES = f"{HERE}/deb/usr/lib/x86_64-linux-gnu:{HERE}/deb/lib/x86_64-linux-gnu"
RULES = {
    "/group": "cognito:groups:admins",
    "/dash": "custom:tenant-id:acme",
    "/low": "custom:tenant_id:acme",
    "/dot": "custom:tenant.id:acme",
    "/scope": "scope:api/read",
}
QUERIES = ("$.cognito:groups", "$.cognito:groups[0]", "$.custom:tenant-id", "$.custom:tenant_id", "$.custom:tenant.id")
QUERIES += (r"$.custom:tenant\.id",)
CLAIMS = {"sub": "user", "cognito:groups": ["admins", "staff"], "scope": "api/read"}
NAMES = {"custom:tenant-id": "acme", "custom:tenant_id": "acme", "custom:tenant.id": "acme"}
received = {}


class Application(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        received.update(self.headers.items())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def certificate():
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pool")])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def get(port, path, **more):
    claims = {**CLAIMS, **more, **NAMES, "exp": int(time.time()) + 600}
    headers = {"Authorization": "Bearer " + jwt.encode(claims, key, "RS256")}
    for _ in range(50):
        try:
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers))
            return "granted"
        except urllib.error.HTTPError as error:
            assert error.code == 401, error.code
            return "refused"
        except urllib.error.URLError:
            time.sleep(0.2)
    raise SystemExit(f"no answer at {path}")


def apache(port):
    modules = f"{HERE}/deb/usr/lib/apache2/modules/mod_"
    lines = ["ServerName pool", f"ServerRoot {HERE}", f"PidFile {HERE}/pid", f"Listen 127.0.0.1:{port}"]
    lines += [f"ErrorLog {HERE}/apache.log", f"OIDCOAuthVerifyCertFiles {HERE}/pool.pem", "OIDCOAuthRemoteUserClaim sub"]
    lines += [f"OIDCCryptoPassphrase example\nProxyPass / http://127.0.0.1:{application.server_port}/"]
    for path, rule in RULES.items():
        lines += [f'<Location {path}>\nAuthType oauth20\nRequire claim "{rule}"\n</Location>']
    names = "mpm_event authn_core authz_core authz_user proxy proxy_http auth_openidc".split()
    lines = [f"LoadModule {name}_module {modules}{name}.so" for name in names] + lines
    with open("apache.conf", "w") as file:
        file.write("\n".join(lines) + "\n")
    return [f"{HERE}/deb/usr/sbin/apache2", "-X", "-f", f"{HERE}/apache.conf"]


def haproxy(port):
    lines = ["defaults", "mode http", "timeout connect 5s", "timeout client 5s", "timeout server 5s"]
    lines += ["frontend in", f"bind 127.0.0.1:{port}", "default_backend out"]
    for number, query in enumerate(QUERIES):
        lines.append(f"http-request set-header q{number} %[http_auth_bearer,jwt_payload_query('{query}')]")
    lines += ["backend out", f"server one 127.0.0.1:{application.server_port}"]
    with open("haproxy.conf", "w") as file:
        file.write("\n".join(lines) + "\n")
    return [f"{HERE}/deb/usr/sbin/haproxy", "-db", "-f", "haproxy.conf"]


def run(command, ask):
    port = free()
    with open("gateway.said", "a") as said:
        gateway = subprocess.Popen(command(port), stderr=said, env={**os.environ, "LD_LIBRARY_PATH": LIBRARIES})
        try:
            ask(port)
        finally:
            gateway.terminate()
            gateway.wait()


def ask_apache(port):
    for path, rule in RULES.items():
        print(f"Apache, {rule}: {get(port, path)}")
        if path == "/dot":
            print(f"Apache, {rule}, after custom:tenant was added: {get(port, path, **{'custom:tenant': 'other'})}")
        if path == "/scope":
            print(f"Apache, {rule}, after api/write was added: {get(port, path, scope='api/read api/write')}")


def ask_haproxy(port):
    get(port, "/")
    for number, query in enumerate(QUERIES):
        print(f"HAProxy, {query}: {received.get(f'q{number}') or 'nothing'}")


key = rsa.generate_private_key(65537, 2048)
with open("pool.pem", "wb") as file:
    file.write(certificate())
application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
threading.Thread(target=application.serve_forever, daemon=True).start()
run(apache, ask_apache)
run(haproxy, ask_haproxy)
PY
env/bin/python gateways.py >seen 2>said || { tail -5 said gateway.said; exit 1; }
cat seen

diff - seen <<'EXPECTED'
Apache, cognito:groups:admins: granted
Apache, custom:tenant-id:acme: granted
Apache, custom:tenant_id:acme: granted
Apache, custom:tenant.id:acme: granted
Apache, custom:tenant.id:acme, after custom:tenant was added: refused
Apache, scope:api/read: granted
Apache, scope:api/read, after api/write was added: refused
HAProxy, $.cognito:groups: nothing
HAProxy, $.cognito:groups[0]: admins
HAProxy, $.custom:tenant-id: acme
HAProxy, $.custom:tenant_id: acme
HAProxy, $.custom:tenant.id: nothing
HAProxy, $.custom:tenant\.id: acme
EXPECTED
echo 'as found'
