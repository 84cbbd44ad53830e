#!/usr/bin/env bash
# samlp 8.0.0, samlify 2.13.1 (npm), pysaml2 7.5.5, djangosaml2idp2 0.9.1 (PyPI, with Django 5.2.19) and Lasso 2.8.1
# (Debian 12): assertions encrypted for a pool with EncryptedResponses "true", which then takes no others. The check is
# xmlsec1's (Debian 12): a response as it is sent, an assertion once it is decrypted with the key of the pool.
#
# Guess: each encrypts with AES; the signature that it makes is valid for whoever decrypts; and the certificate is taken
#   as DescribeIdentityProvider gives it (ActiveEncryptionCertificate, `MIIC...` on one line, in the examples of AWS).
# Behaviour: samlify signs the response first and then encrypts the assertion in it, so that the signature fits nothing
#   that is sent: with encryption on, the sign-in that worked before has no valid signature. The metadata that one
#   writes for the pool mends it: with WantAssertionsSigned="true" the assertion is signed instead, and that stays
#   valid. So does the option `encryptThenSign`, together with `messageSigningOrder`. To pysaml2 and djangosaml2idp2 the
#   same attribute means nothing: they send an encrypted assertion without any signature until they are told to sign,
#   and encrypt with Triple DES, which no setting changes. samlp wants the lines BEGIN CERTIFICATE and END CERTIFICATE.
# Output seen (cipher of the assertion; what is signed and whether that is valid; how):
#   samlp: aes256-gcm; Assertion valid, rsa-sha256
#   samlp, certificate as Cognito shows it: TypeError
#   samlify: aes256-cbc; Response NOT valid, rsa-sha256
#   samlify, WantAssertionsSigned: aes256-cbc; Assertion valid, rsa-sha256
#   samlify, encryptThenSign: aes256-cbc; Response valid, rsa-sha256
#   pysaml2, WantAssertionsSigned: tripledes-cbc; no signature
#   pysaml2, sign_assertion: tripledes-cbc; Assertion valid, rsa-sha1
#   djangosaml2idp2, WantAssertionsSigned: tripledes-cbc; no signature
#   djangosaml2idp2, to sign the assertion: tripledes-cbc; Assertion valid, rsa-sha256
#   Lasso: aes128-cbc; Response valid, Assertion valid, rsa-sha1
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
npm install --silent --no-audit --no-fund samlp@8.0.0 samlify@2.13.1
python3 -m venv pysaml2
pysaml2/bin/pip install --quiet --disable-pip-version-check pysaml2==7.5.5 djangosaml2idp2==0.9.1 django==5.2.19
apt-get download python3-lasso liblasso3 xmlsec1 libxmlsec1 libxmlsec1-openssl libxml2 libxslt1.1 libglib2.0-0 \
    >said 2>&1
for package in *.deb; do dpkg -x "$package" deb; done
for name in idp pool; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.pem" -days 365 -subj "/CN=$name" 2>>said
done

cat >pool.py <<'PY'
"""The metadata of a pool, and what the pool finds in a response: the cipher, and whether the signatures are valid."""

import base64
import re
import subprocess
import sys

POOL = "urn:amazon:cognito:sp:eu-west-1_Example01"
PLACE = "https://customers.auth.eu-west-1.amazoncognito.com/saml2/idpresponse"
IDP = "https://idp.example.com"
SAML = "urn:oasis:names:tc:SAML:2.0"


def key(name, use):
    certificate = "".join(open(f"{name}.pem").read().split("\n")[1:-2])
    data = f"<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
    return f'<KeyDescriptor use="{use}"><ds:KeyInfo>{data}</ds:KeyInfo></KeyDescriptor>'


def service(kind, binding, place, more=""):
    return f'<{kind}Service {more}Binding="{SAML}:bindings:HTTP-{binding}" Location="{place}"/>'


def metadata(entity, role, content, more=""):
    names = f'xmlns="{SAML}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    part = f'<{role} {more}protocolSupportEnumeration="{SAML}:protocol">{content}</{role}>'
    return f'<EntityDescriptor {names} entityID="{entity}">{part}</EntityDescriptor>'


def form(page):
    return base64.b64decode(re.search(r'name="SAMLResponse"\s+value="([^"]+)"', page)[1]).decode()


def xmlsec(*words):
    ids = ("--id-attr:ID", f"{SAML}:protocol:Response", "--id-attr:ID", f"{SAML}:assertion:Assertion")
    command = ["deb/usr/bin/xmlsec1", words[0], *ids, *words[1:]]
    return subprocess.run(command, capture_output=True).returncode == 0


def show(name, response):
    """A response is checked as it is sent, an assertion once it is decrypted, as SAML Core describes both."""
    cipher = re.search(r'EncryptionMethod [^<>]*Algorithm="[^"]*#([^"]*)"', response)[1]
    with open("sent.xml", "w") as file:
        file.write(response)
    assert xmlsec("--decrypt", "--privkey-pem", "pool.key", "--output", "read.xml", "sent.xml")
    read = open("read.xml").read()
    found = []
    for part, file in {"Response": "sent.xml", "Assertion": "read.xml"}.items():
        id = re.search(rf'<[^<>]*\b{part}\b[^<>]* ID="([^"]*)"', read)[1]
        if f'URI="#{id}"' in read:
            node = f"//*[local-name()='Signature'][.//*[local-name()='Reference' and @URI='#{id}']]"
            valid = xmlsec("--verify", "--pubkey-cert-pem", "idp.pem", "--node-xpath", node, file)
            found.append(f"{part} {'valid' if valid else 'NOT valid'}")
    how = sorted(set(re.findall(r'SignatureMethod Algorithm="[^"]*#([^"]*)"', read)))
    print(f"{name}: {cipher}; {', '.join(found + how) or 'no signature'}", flush=True)


if __name__ == "__main__" and sys.argv[1] == "files":
    content = key("pool", "signing") + key("pool", "encryption")
    content += service("AssertionConsumer", "POST", PLACE, 'index="0" ')
    for name, more in {"plain": "", "wanted": 'WantAssertionsSigned="true" '}.items():
        with open(f"{name}.xml", "w") as file:
            file.write(metadata(POOL, "SPSSODescriptor", content, more))
    with open("idp.xml", "w") as file:
        begin = service("SingleSignOn", "Redirect", f"{IDP}/sso")
        file.write(metadata(IDP, "IDPSSODescriptor", key("idp", "signing") + begin))
elif __name__ == "__main__":
    show(sys.argv[1], open(sys.argv[2]).read())
PY
python3 pool.py files

cat >providers.cjs <<'JS'
const { execFileSync } = require("child_process");
const { X509Certificate } = require("crypto");
const fs = require("fs");
const samlify = require("samlify");
const samlp = require("samlp");

const [IDP, POOL] = ["https://idp.example.com", "urn:amazon:cognito:sp:eu-west-1_Example01"];
const PLACE = "https://customers.auth.eu-west-1.amazoncognito.com/saml2/idpresponse";
const [cert, key, poolCert] = ["idp.pem", "idp.key", "pool.pem"].map((name) => fs.readFileSync(name, "utf8"));
const email = "user@example.com";
function show(name, base64) {
  fs.writeFileSync("response.xml", Buffer.from(base64, "base64"));
  process.stdout.write(execFileSync("python3", ["pool.py", name, "response.xml"]));
}

async function bySamlp(name, encryptionCert) {
  const encryptionPublicKey = new X509Certificate(poolCert).publicKey.export({ type: "spki", format: "pem" });
  const getPostURL = (audience, request, req, done) => done(null, PLACE);
  const told = { audience: POOL, recipient: PLACE, getPostURL, encryptionCert, encryptionPublicKey };
  const user = { id: "user", displayName: "User", name: {}, emails: [{ value: email }] };
  const auth = samlp.auth({ issuer: IDP, cert, key, ...told });
  try {
    const page = await new Promise((send, no) => auth({ method: "GET", query: {}, user }, { set() {}, send }, no));
    show(name, /name="SAMLResponse"\s+value="([^"]+)"/.exec(page)[1]);
  } catch (error) {
    console.log(`${name}: ${error.name}`);
  }
}

async function bySamlify(name, file, options) {
  const Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
  const singleSignOnService = [{ Binding, Location: `${IDP}/sso` }];
  const own = { entityID: IDP, signingCert: cert, privateKey: key, singleSignOnService, isAssertionEncrypted: true };
  const order = options ? { messageSigningOrder: "encrypt-then-sign" } : {};
  const idp = samlify.IdentityProvider({ ...own, ...order });
  const pool = samlify.ServiceProvider({ metadata: fs.readFileSync(file) });
  const { context } = await idp.createLoginResponse(pool, null, "post", { email }, options ?? {});
  show(name, context);
}

(async () => {
  await bySamlp("samlp", poolCert);
  await bySamlp("samlp, certificate as Cognito shows it", poolCert.split("\n").slice(1, -2).join(""));
  await bySamlify("samlify", "plain.xml");
  await bySamlify("samlify, WantAssertionsSigned", "wanted.xml");
  await bySamlify("samlify, encryptThenSign", "plain.xml", { encryptThenSign: true });
})();
JS

cat >providers.py <<'PY'
import logging
import os
import sys
from pathlib import Path

import pool
from pool import IDP, POOL, SAML, show

logging.disable(logging.CRITICAL)
begin = {"single_sign_on_service": [(f"{IDP}/sso/redirect/", f"{SAML}:bindings:HTTP-Redirect")]}
files = {"key_file": "idp.key", "cert_file": "idp.pem", "xmlsec_binary": os.path.abspath("deb/usr/bin/xmlsec1")}
own = {**files, "entityid": IDP, "service": {"idp": {"endpoints": begin}}}


def by_pysaml2(name, file, **more):
    from saml2.config import IdPConfig
    from saml2.server import Server

    server = Server(config=IdPConfig().load({**own, "metadata": {"local": [file]}}))
    _, destination = server.pick_binding("assertion_consumer_service", entity_id=POOL)
    told = {"destination": destination, "sp_entity_id": POOL, "userid": "user", "in_response_to": None}
    how = {"class_ref": f"{SAML}:ac:classes:Password", "authn_auth": IDP}
    mail = {"mail": "user@example.com"}
    show(name, str(server.create_authn_response(mail, authn=how, encrypt_assertion=True, **told, **more)))


def by_django(name, **more):
    import django
    from django.conf import settings

    parts = ["auth", "contenttypes", "sessions"]
    middleware = "sessions.middleware.SessionMiddleware", "auth.middleware.AuthenticationMiddleware"
    settings.configure(
        SECRET_KEY="example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[*(f"django.contrib.{part}" for part in parts), "djangosaml2idp"],
        MIDDLEWARE=[f"django.contrib.{part}" for part in middleware],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        SAML_IDP_CONFIG=own,
        SAML_IDP_FALLBACK_EXPIRATION_DAYS=3650,
    )
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client
    from django.urls import include, path
    from djangosaml2idp.models import ServiceProvider

    globals()["urlpatterns"] = [path("", include("djangosaml2idp.urls"))]
    call_command("migrate", verbosity=0)
    # The product writes the metadata below /tmp otherwise.
    ServiceProvider.metadata_path = lambda self: "wanted.xml"
    text = Path("wanted.xml").read_text()
    ServiceProvider.objects.create(entity_id=POOL, local_metadata=text, _encrypt_saml_responses=True, **more)
    browser = Client()
    browser.force_login(User.objects.create_user("user", "user@example.com", "example"))
    show(name, pool.form(browser.get("/sso/init/", {"sp": POOL}).content.decode()))


match sys.argv[1]:
    case "pysaml2":
        by_pysaml2("pysaml2, WantAssertionsSigned", "wanted.xml")
    case "signed":
        by_pysaml2("pysaml2, sign_assertion", "plain.xml", sign_assertion=True)
    case "django":
        by_django("djangosaml2idp2, WantAssertionsSigned")
    case "django-signed":
        by_django("djangosaml2idp2, to sign the assertion", _sign_assertion=True)
PY

cat >lasso-provider.py <<'PY'
import base64
import datetime
import sys

from pool import POOL, show

sys.path.insert(0, "deb/usr/lib/python3/dist-packages")
import lasso

server = lasso.Server("idp.xml", "idp.key", None, "idp.pem")
server.addProvider(lasso.PROVIDER_ROLE_SP, "plain.xml")
server.providers[POOL].setEncryptionMode(lasso.ENCRYPTION_MODE_ASSERTION)
login = lasso.Login(server)
login.initIdpInitiatedAuthnRequest(POOL)
login.processAuthnRequestMsg(None)
login.validateRequestMsg(True, True)
now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
login.buildAssertion(lasso.SAML2_AUTHN_CONTEXT_PASSWORD, now, None, now, now)
login.buildAuthnResponseMsg()
show("Lasso", base64.b64decode(login.msgBody).decode())
PY

libraries="$work/deb/usr/lib:$work/deb/usr/lib/x86_64-linux-gnu:$work/deb/lib/x86_64-linux-gnu"
run() {
    LD_LIBRARY_PATH=$libraries "$@" 2>errors || { tail -5 errors; exit 1; }
}
{
    run node providers.cjs
    for provider in pysaml2 signed django django-signed; do
        run pysaml2/bin/python -W ignore providers.py "$provider"
    done
    run /usr/bin/python3 lasso-provider.py
} | tee seen

diff - seen <<'EXPECTED'
samlp: aes256-gcm; Assertion valid, rsa-sha256
samlp, certificate as Cognito shows it: TypeError
samlify: aes256-cbc; Response NOT valid, rsa-sha256
samlify, WantAssertionsSigned: aes256-cbc; Assertion valid, rsa-sha256
samlify, encryptThenSign: aes256-cbc; Response valid, rsa-sha256
pysaml2, WantAssertionsSigned: tripledes-cbc; no signature
pysaml2, sign_assertion: tripledes-cbc; Assertion valid, rsa-sha1
djangosaml2idp2, WantAssertionsSigned: tripledes-cbc; no signature
djangosaml2idp2, to sign the assertion: tripledes-cbc; Assertion valid, rsa-sha256
Lasso: aes128-cbc; Response valid, Assertion valid, rsa-sha1
EXPECTED
echo 'as found'
