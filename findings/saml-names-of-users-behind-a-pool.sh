#!/usr/bin/env bash
# samlp 8.0.0, samlify 2.13.1, @boxyhq/saml20 1.15.2 (npm), pysaml2 7.5.5, djangosaml2idp2 0.9.1 (with Django 5.2.19),
# flask-saml2-fork 0.3.5, nanoidp 3.4.0 (PyPI) and Lasso 2.8.1 (Debian 12; LemonLDAP::NG uses it): what they send to a
# pool that is registered with what one knows of a pool, each with the least configuration that makes it run. The name
# of a user of a SAML provider in the pool is the provider's name, `_` and the NameID. The request has no NameIDPolicy:
# Shibboleth's wiki says of Cognito that the format is to be chosen by a NameIDFormat in metadata made by hand ("asked"
# below, with persistent and WantAssertionsSigned). Since January 2024 Cognito wants an audience and a recipient.
#
# Guess: an assertion signed with rsa-sha256, for the pool as recipient, and a NameID that is the same at each sign-in,
#   at the latest when the metadata asks for persistent. The e-mail address is called `email` or `mail`.
# Behaviour: pysaml2 makes the NameID up and keeps it in memory, also a persistent one: it stays during a trial, and
#   after a restart every user is a new user of the pool, without groups and history. Only `subject_data`, a file, keeps
#   it, and only its own policy chooses the format, not the metadata. With Lasso each sign-in makes a new user, and
#   metadata that asks for persistent stops the sign-in, since a request without AllowCreate makes no new name. pysaml2
#   and djangosaml2idp2 sign nothing, whatever the metadata wants, until they are told. samlp names no recipient without
#   the option `recipient`. flask-saml2-fork calls its format `2.0:nameid-format:email`, which SAML does not have. And
#   one address has four names, or none: AttributeMapping wants the Name (`urn:oid:1.2.840.113549.1.9.1.1`), not the
#   FriendlyName (`email`). samlify and @boxyhq/saml20 take the address itself as the NameID, so a user with a new
#   address is a new user as well.
# Output seen (NameID: its format, at the next sign-in, after a restart; what is signed; recipient; name of the e-mail):
#   samlp: unspecified, kept, kept; signs Assertion rsa-sha256; no recipient; .../claims/emailaddress
#   samlify: no format, kept, kept; signs Response rsa-sha256; recipient; no e-mail
#   samlify, asked: no format, kept, kept; signs Assertion rsa-sha256; recipient; no e-mail
#   @boxyhq/saml20: emailAddress, kept, kept; signs Assertion+Response rsa-sha256; recipient; email
#   pysaml2: transient, kept, new; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
#   pysaml2, asked: transient, kept, new; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
#   pysaml2, policy: persistent, kept, new; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
#   pysaml2, policy, subject_data: persistent, kept, kept; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
#   djangosaml2idp2: unspecified, kept, kept; signs nothing; recipient; urn:oid:1.2.840.113549.1.9.1.1
#   djangosaml2idp2, asked: unspecified, kept, kept; signs nothing; recipient; urn:oid:1.2.840.113549.1.9.1.1
#   flask-saml2-fork: email, kept, kept; signs Assertion+Response rsa-sha1; recipient; no e-mail
#   nanoidp: unspecified, kept, kept; signs Assertion rsa-sha256; recipient; email
#   Lasso: transient, new, new; signs Assertion+Response rsa-sha1; recipient; no e-mail
#   Lasso, asked: LoginFederationNotFoundError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
npm install --silent --no-audit --no-fund samlp@8.0.0 samlify@2.13.1 @boxyhq/saml20@1.15.2
for env in pysaml2 flask nano; do python3 -m venv "$env"; done
pysaml2/bin/pip install --quiet --disable-pip-version-check pysaml2==7.5.5 djangosaml2idp2==0.9.1 django==5.2.19
flask/bin/pip install --quiet --disable-pip-version-check flask-saml2-fork==0.3.5 flask==3.1.3 signxml==5.2.0 \
    pyopenssl==26.4.0
nano/bin/pip install --quiet --disable-pip-version-check nanoidp==3.4.0
apt-get download python3-lasso liblasso3 xmlsec1 libxmlsec1 libxmlsec1-openssl libxml2 libxslt1.1 libglib2.0-0 \
    >said 2>&1
for package in *.deb; do dpkg -x "$package" deb; done
for name in idp pool; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.pem" -days 365 -subj "/CN=$name" 2>>said
done

cat >pool.py <<'PY'
"""The metadata of a pool, the request that Cognito sends, and what is read from the answer."""

import base64
import datetime
import html
import re
import sys
import zlib
from urllib.parse import urlencode

POOL = "urn:amazon:cognito:sp:eu-west-1_Example01"
PLACE = "https://customers.auth.eu-west-1.amazoncognito.com/saml2/idpresponse"
IDP = "https://idp.example.com"
SAML = "urn:oasis:names:tc:SAML:2.0"
PERSISTENT = f"{SAML}:nameid-format:persistent"


def key(name, use):
    certificate = "".join(open(f"{name}.pem").read().split("\n")[1:-2])
    data = f"<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
    return f'<KeyDescriptor use="{use}"><ds:KeyInfo>{data}</ds:KeyInfo></KeyDescriptor>'


def service(kind, binding, place, more=""):
    return f'<{kind}Service {more}Binding="{SAML}:bindings:HTTP-{binding}" Location="{place}"/>'


def metadata(entity, role, content):
    names = f'xmlns="{SAML}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    part = f'<{role} protocolSupportEnumeration="{SAML}:protocol">{content}</{role}>'
    return f'<EntityDescriptor {names} entityID="{entity}">{part}</EntityDescriptor>'


def instant():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign_in(place):
    names = f'xmlns:samlp="{SAML}:protocol" xmlns:saml="{SAML}:assertion" ID="_request" Version="2.0"'
    xml = (
        f'<samlp:AuthnRequest {names} IssueInstant="{instant()}" Destination="{place}" '
        f'ProtocolBinding="{SAML}:bindings:HTTP-POST" AssertionConsumerServiceURL="{PLACE}">'
        f"<saml:Issuer>{POOL}</saml:Issuer></samlp:AuthnRequest>"
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(packer.compress(xml.encode()) + packer.flush()).decode()
    return urlencode({"SAMLRequest": packed, "RelayState": "state"})


def form(page):
    value = re.search(r'name="SAMLResponse"\s+value="([^"]+)"', page)[1]
    return base64.b64decode(html.unescape(value)).decode()


def note(response):
    """One line for one sign-in: the NameID and its format, what is signed and how, the recipient, the e-mail's name."""
    tag, value = re.search(r"(<(?:\w+:)?NameID\b[^<>]*>)([^<]*)", response).groups()
    kind = re.search(r'Format="[^"]*:([^"]*)"', tag)
    ids = dict(re.findall(r'<[^<>]*\b(Assertion|Response)\b[^<>]* ID="([^"]*)"', response))
    signed = "+".join(part for part, id in sorted(ids.items()) if f'URI="#{id}"' in response) or "nothing"
    how = set(re.findall(r'SignatureMethod Algorithm="[^"]*#([^"]*)"', response))
    names = re.findall(r'Attribute\s[^<>]*\bName="([^"]*)"[^<>]*>\s*<[^<>]*>user@example.com<', response)
    mail = names[0].replace("http://schemas.xmlsoap.org/ws/2005/05/identity", "...") if names else "no e-mail"
    recipient = "recipient" if f'Recipient="{PLACE}"' in response else "no recipient"
    print(kind[1] if kind else "no format", value, " ".join([signed, *how]), recipient, mail, sep="|")


if __name__ == "__main__" and sys.argv[1] == "files":
    end = service("AssertionConsumer", "POST", PLACE, 'index="0" ')
    keys = key("pool", "signing") + key("pool", "encryption")
    asked = metadata(POOL, "SPSSODescriptor", f"{keys}<NameIDFormat>{PERSISTENT}</NameIDFormat>{end}")
    for name, text in {
        "plain": metadata(POOL, "SPSSODescriptor", keys + end),
        "asked": asked.replace("<SPSSODescriptor", '<SPSSODescriptor WantAssertionsSigned="true"'),
    }.items():
        with open(f"{name}.xml", "w") as file:
            file.write(text)
    with open("idp.xml", "w") as file:
        begin = service("SingleSignOn", "Redirect", f"{IDP}/sso")
        file.write(metadata(IDP, "IDPSSODescriptor", key("idp", "signing") + begin))
elif __name__ == "__main__" and sys.argv[1] == "in":
    print(sign_in(sys.argv[2]))
elif __name__ == "__main__" and sys.argv[1] == "note":
    note(sys.argv[2])
elif __name__ == "__main__":
    first, again, restarted, *_ = [line.split("|") for line in open(sys.argv[3]).read().splitlines()]
    kept = ["kept" if one[1:2] == first[1:2] else "new" for one in (again, restarted)]
    found = f"{', '.join(first[:1] + kept)}; signs {'; '.join(first[2:])}" if first[1:] else first[0]
    print(f"{sys.argv[2]}: {found}")
PY
python3 pool.py files

cat >providers.cjs <<'JS'
const { execFileSync } = require("child_process");
const fs = require("fs");
const saml20 = require("@boxyhq/saml20").default;
const samlify = require("samlify");
const samlp = require("samlp");

const [IDP, POOL] = ["https://idp.example.com", "urn:amazon:cognito:sp:eu-west-1_Example01"];
const PLACE = "https://customers.auth.eu-west-1.amazoncognito.com/saml2/idpresponse";
const python = (...words) => execFileSync("python3", ["pool.py", ...words], { encoding: "utf8" });
const note = (response) => process.stdout.write(python("note", response));
const text = (base64) => Buffer.from(base64, "base64").toString();
const [cert, key] = ["idp.pem", "idp.key"].map((name) => fs.readFileSync(name, "utf8"));
const email = "user@example.com";
const query = Object.fromEntries(new URLSearchParams(python("in", `${IDP}/sso`).trim()));

const providers = {
  async samlp() {
    const getPostURL = (audience, request, req, done) => done(null, PLACE);
    const auth = samlp.auth({ issuer: IDP, cert, key, getPostURL });
    const user = { id: "user", displayName: "User", name: {}, emails: [{ value: email }] };
    const req = { method: "GET", query, user };
    const page = await new Promise((send, failed) => auth(req, { set() {}, send }, failed));
    return text(/name="SAMLResponse"\s+value="([^"]+)"/.exec(page)[1]);
  },
  async samlify(file) {
    samlify.setSchemaValidator({ validate: async () => "valid" });
    const Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    const singleSignOnService = [{ Binding, Location: `${IDP}/sso` }];
    const idp = samlify.IdentityProvider({ entityID: IDP, signingCert: cert, privateKey: key, singleSignOnService });
    const pool = samlify.ServiceProvider({ metadata: fs.readFileSync(file) });
    const request = await idp.parseLoginRequest(pool, "redirect", { query });
    return text((await idp.createLoginResponse(pool, request, "post", { email })).context);
  },
  saml20() {
    const told = { audience: POOL, issuer: IDP, acsUrl: PLACE, requestId: "_request" };
    return saml20.createSAMLResponse({ ...told, claims: { email, raw: { email } }, privateKey: key, publicKey: cert });
  },
};
(async () => {
  const [, , name, ...more] = process.argv;
  for (let time = 0; time < 2; time++) note(await providers[name](...more));
})();
JS

cat >providers.py <<'PY'
import logging
import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pool
from pool import IDP, PERSISTENT, PLACE, POOL, SAML

logging.disable(logging.CRITICAL)


def settings(**more):
    begin = {"single_sign_on_service": [(f"{IDP}/sso/redirect/", f"{SAML}:bindings:HTTP-Redirect")]}
    files = {"key_file": "idp.key", "cert_file": "idp.pem", "xmlsec_binary": os.path.abspath("deb/usr/bin/xmlsec1")}
    return {**files, "entityid": IDP, "service": {"idp": {"endpoints": begin, **more}}}


def by_pysaml2(description, *how):
    from saml2.config import IdPConfig
    from saml2.server import Server

    more = {"policy": {"default": {"nameid_format": PERSISTENT}}} if "policy" in how else {}
    more |= {"subject_data": os.path.abspath("subjects")} if "file" in how else {}
    server = Server(config=IdPConfig().load({**settings(**more), "metadata": {"local": [description]}}))
    password = {"class_ref": f"{SAML}:ac:classes:Password", "authn_auth": IDP}
    for _ in range(2):
        query = dict(parse_qsl(pool.sign_in(f"{IDP}/sso/redirect/")))
        request = server.parse_authn_request(query["SAMLRequest"], f"{SAML}:bindings:HTTP-Redirect")
        told = server.response_args(request.message, [f"{SAML}:bindings:HTTP-POST"])
        mail = {"mail": "user@example.com"}
        pool.note(str(server.create_authn_response(mail, userid="user", authn=password, **told)))


def by_django(description):
    import django
    from django.conf import settings as project

    parts = ["auth", "contenttypes", "sessions"]
    middleware = "sessions.middleware.SessionMiddleware", "auth.middleware.AuthenticationMiddleware"
    project.configure(
        SECRET_KEY="example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[*(f"django.contrib.{part}" for part in parts), "djangosaml2idp"],
        MIDDLEWARE=[f"django.contrib.{part}" for part in middleware],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        SAML_IDP_CONFIG=settings(),
        SAML_IDP_FALLBACK_EXPIRATION_DAYS=30,
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
    ServiceProvider.metadata_path = lambda self: description
    ServiceProvider.objects.create(entity_id=POOL, local_metadata=Path(description).read_text())
    browser = Client()
    browser.force_login(User.objects.create_user("user", "user@example.com", "example"))
    for _ in range(2):
        page = browser.get(f"/sso/redirect/?{pool.sign_in(f'{IDP}/sso/redirect/')}", follow=True)
        pool.note(pool.form(page.content.decode()))


def by_flask():
    from types import SimpleNamespace

    import flask
    from flask_saml2.idp import IdentityProvider
    from flask_saml2.utils import certificate_from_file, private_key_from_file

    class Provider(IdentityProvider):
        def login_required(self):
            pass

        def get_current_user(self):
            return SimpleNamespace(email="user@example.com")

    app = flask.Flask(__name__)
    app.config["SECRET_KEY"] = "example"
    own = {"certificate": certificate_from_file("idp.pem"), "private_key": private_key_from_file("idp.key")}
    app.config["SAML2_IDP"] = {**own, "autosubmit": True}
    options = {"entity_id": POOL, "acs_url": PLACE}
    app.config["SAML2_SERVICE_PROVIDERS"] = [{"CLASS": "flask_saml2.idp.SPHandler", "OPTIONS": options}]
    app.register_blueprint(Provider().create_blueprint())
    browser = app.test_client()
    for _ in range(2):
        page = browser.get(f"/login/?{pool.sign_in(f'{IDP}/login/')}", base_url=IDP, follow_redirects=True)
        pool.note(pool.form(page.text))


def by_nanoidp():
    import subprocess

    if not os.path.exists("config"):
        subprocess.run([sys.executable, "-m", "nanoidp", "init", "config"], check=True, capture_output=True)
        users = Path("config/users.yaml")
        users.write_text(users.read_text().replace("admin@example.org", "user@example.com"))
    from nanoidp.app import create_app

    browser = create_app("config").test_client()
    for _ in range(2):
        query = dict(parse_qsl(pool.sign_in("http://localhost:8000/saml/sso")))
        user = {"username": "admin", "password": "admin", "saml_original_verb": "GET"}
        pool.note(pool.form(browser.post("/saml/sso", data={**query, **user}).text))


globals()[f"by_{sys.argv[1]}"](*sys.argv[2:])
PY

cat >lasso-provider.py <<'PY'
import base64
import sys

import pool

sys.path.insert(0, "deb/usr/lib/python3/dist-packages")
import lasso

server = lasso.Server("idp.xml", "idp.key", None, "idp.pem")
server.addProvider(lasso.PROVIDER_ROLE_SP, sys.argv[1])
for _ in range(2):
    login = lasso.Login(server)
    login.processAuthnRequestMsg(pool.sign_in(f"{pool.IDP}/sso"))
    try:
        login.validateRequestMsg(True, True)
    except lasso.Error as error:
        print(type(error).__name__)
        continue
    now = pool.instant()
    login.buildAssertion(lasso.SAML2_AUTHN_CONTEXT_PASSWORD, now, None, now, now)
    login.buildAuthnResponseMsg()
    pool.note(base64.b64decode(login.msgBody).decode())
PY

libraries="$work/deb/usr/lib:$work/deb/usr/lib/x86_64-linux-gnu:$work/deb/lib/x86_64-linux-gnu"
twice() { # name, then the command, which signs in twice; the second run is the provider after a restart
    local name=$1
    shift
    for _ in first second; do "$@" 2>errors || { tail -5 errors; exit 1; }; done >lines
    python3 pool.py compare "$name" lines
}
with_libraries() {
    LD_LIBRARY_PATH=$libraries "$@"
}
{
    twice samlp node providers.cjs samlp
    twice samlify node providers.cjs samlify plain.xml
    twice 'samlify, asked' node providers.cjs samlify asked.xml
    twice @boxyhq/saml20 node providers.cjs saml20
    twice pysaml2 with_libraries pysaml2/bin/python -W ignore providers.py pysaml2 plain.xml
    twice 'pysaml2, asked' \
        with_libraries pysaml2/bin/python -W ignore providers.py pysaml2 asked.xml
    twice 'pysaml2, policy' \
        with_libraries pysaml2/bin/python -W ignore providers.py pysaml2 plain.xml policy
    twice 'pysaml2, policy, subject_data' \
        with_libraries pysaml2/bin/python -W ignore providers.py pysaml2 plain.xml policy file
    twice djangosaml2idp2 with_libraries pysaml2/bin/python -W ignore providers.py django plain.xml
    twice 'djangosaml2idp2, asked' with_libraries pysaml2/bin/python -W ignore providers.py django asked.xml
    twice flask-saml2-fork flask/bin/python providers.py flask
    twice nanoidp nano/bin/python providers.py nanoidp
    twice Lasso with_libraries /usr/bin/python3 lasso-provider.py plain.xml
    twice 'Lasso, asked' with_libraries /usr/bin/python3 lasso-provider.py asked.xml
} | tee seen

diff - seen <<'EXPECTED'
samlp: unspecified, kept, kept; signs Assertion rsa-sha256; no recipient; .../claims/emailaddress
samlify: no format, kept, kept; signs Response rsa-sha256; recipient; no e-mail
samlify, asked: no format, kept, kept; signs Assertion rsa-sha256; recipient; no e-mail
@boxyhq/saml20: emailAddress, kept, kept; signs Assertion+Response rsa-sha256; recipient; email
pysaml2: transient, kept, new; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
pysaml2, asked: transient, kept, new; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
pysaml2, policy: persistent, kept, new; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
pysaml2, policy, subject_data: persistent, kept, kept; signs nothing; recipient; urn:oid:0.9.2342.19200300.100.1.3
djangosaml2idp2: unspecified, kept, kept; signs nothing; recipient; urn:oid:1.2.840.113549.1.9.1.1
djangosaml2idp2, asked: unspecified, kept, kept; signs nothing; recipient; urn:oid:1.2.840.113549.1.9.1.1
flask-saml2-fork: email, kept, kept; signs Assertion+Response rsa-sha1; recipient; no e-mail
nanoidp: unspecified, kept, kept; signs Assertion rsa-sha256; recipient; email
Lasso: transient, new, new; signs Assertion+Response rsa-sha1; recipient; no e-mail
Lasso, asked: LoginFederationNotFoundError
EXPECTED
echo 'as found'
