#!/usr/bin/env bash
# samlp 8.0.0, samlify 2.13.1, @boxyhq/saml20 1.15.2 (npm), pysaml2 7.5.5, djangosaml2idp2 0.9.1 (PyPI, with Django
# 5.2.19) and Lasso 2.8.1 (Debian 12): sign-in that begins at the identity provider, for a pool with IDPInit "true". By
# its manual Cognito then wants an assertion without InResponseTo, and the parameters of /authorize as RelayState.
#
# Guess: none of them writes an InResponseTo, since there is no request; the audience is the pool, which each of them is
#   told; and metadata with the entity id, the address and the certificates of a pool is enough.
# Behaviour: djangosaml2idp2 writes `IdP_Initiated_Login` as InResponseTo, at both places, in the view that it has for
#   this, and samlify an empty one (not valid: it is an xs:NCName). Both change only with code: a template of one's own
#   in samlify, a view of one's own in djangosaml2idp2. samlp takes the audience from the request, and the recipient
#   from nowhere: without `audience`, `recipient` and `destination` in its options the assertion names no pool at all.
#   And djangosaml2idp2 refuses metadata without a validUntil, as one writes it for a pool, which publishes none, unless
#   SAML_IDP_FALLBACK_EXPIRATION_DAYS is set. Sign-in that begins at the pool says nothing about any of this.
# Output seen (InResponseTo of the response and of the assertion; audience; recipient):
#   samlp: none, none; no audience; no recipient
#   samlp, told all three: none, none; the pool; the pool
#   samlify: '', ''; the pool; the pool
#   @boxyhq/saml20: none, none; the pool; the pool
#   pysaml2: none, none; the pool; the pool
#   djangosaml2idp2: ValidationError
#   djangosaml2idp2, with days: 'IdP_Initiated_Login', 'IdP_Initiated_Login'; the pool; the pool
#   Lasso: none, none; the pool; the pool
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
npm install --silent --no-audit --no-fund samlp@8.0.0 samlify@2.13.1 @boxyhq/saml20@1.15.2
python3 -m venv pysaml2
pysaml2/bin/pip install --quiet --disable-pip-version-check pysaml2==7.5.5 djangosaml2idp2==0.9.1 django==5.2.19
apt-get download python3-lasso liblasso3 xmlsec1 libxmlsec1 libxmlsec1-openssl libxml2 libxslt1.1 libglib2.0-0 \
    >said 2>&1
for package in *.deb; do dpkg -x "$package" deb; done
for name in idp pool; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.pem" -days 365 -subj "/CN=$name" 2>>said
done

cat >pool.py <<'PY'
"""The metadata of a pool, and what is read from a response."""

import re
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


def metadata(entity, role, content):
    names = f'xmlns="{SAML}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    part = f'<{role} protocolSupportEnumeration="{SAML}:protocol">{content}</{role}>'
    return f'<EntityDescriptor {names} entityID="{entity}">{part}</EntityDescriptor>'


def show(name, response):
    def answers(element):
        tag = re.search(rf"<[^<>]*\b{element}\b[^<>]*>", response)[0]
        found = re.search(r'\bInResponseTo="([^"]*)"', tag)
        return repr(found[1]) if found else "none"

    def named(what, *patterns):
        values = {found[1] for pattern in patterns if (found := re.search(pattern, response))}
        return "the pool" if values and values <= {POOL, PLACE} else f"no {what}"

    audience = named("audience", r"<[^<>]*\bAudience>([^<]*)<")
    recipient = named("recipient", r'\bRecipient="([^"]*)"')
    print(f"{name}: {answers('Response')}, {answers('SubjectConfirmationData')}; {audience}; {recipient}", flush=True)


if __name__ == "__main__" and sys.argv[1] == "files":
    end = service("AssertionConsumer", "POST", PLACE, 'index="0" ')
    with open("pool.xml", "w") as file:
        file.write(metadata(POOL, "SPSSODescriptor", key("pool", "signing") + key("pool", "encryption") + end))
    with open("idp.xml", "w") as file:
        begin = service("SingleSignOn", "Redirect", f"{IDP}/sso")
        file.write(metadata(IDP, "IDPSSODescriptor", key("idp", "signing") + begin))
elif __name__ == "__main__":
    show(*sys.argv[1:])
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
const [cert, key] = ["idp.pem", "idp.key"].map((name) => fs.readFileSync(name, "utf8"));
const show = (...words) => process.stdout.write(execFileSync("python3", ["pool.py", ...words]));
const text = (base64) => Buffer.from(base64, "base64").toString();
const email = "user@example.com";

async function bySamlp(name, options) {
  const getPostURL = (audience, request, req, done) => done(null, PLACE);
  const auth = samlp.auth({ issuer: IDP, cert, key, getPostURL, ...options });
  const user = { id: "user", displayName: "User", name: {}, emails: [{ value: email }] };
  const req = { method: "GET", query: { RelayState: "client_id=example&response_type=code" }, user };
  const page = await new Promise((send, failed) => auth(req, { set() {}, send }, failed));
  show(name, text(/name="SAMLResponse"\s+value="([^"]+)"/.exec(page)[1]));
}

(async () => {
  await bySamlp("samlp", {});
  await bySamlp("samlp, told all three", { audience: POOL, recipient: PLACE, destination: PLACE });

  const Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
  const singleSignOnService = [{ Binding, Location: `${IDP}/sso` }];
  const idp = samlify.IdentityProvider({ entityID: IDP, signingCert: cert, privateKey: key, singleSignOnService });
  const pool = samlify.ServiceProvider({ metadata: fs.readFileSync("pool.xml") });
  const { context } = await idp.createLoginResponse(pool, null, "post", { email });
  show("samlify", text(context));

  const told = { audience: POOL, issuer: IDP, acsUrl: PLACE, claims: { email, raw: { email } } };
  show("@boxyhq/saml20", await saml20.createSAMLResponse({ ...told, privateKey: key, publicKey: cert }));
})();
JS

cat >providers.py <<'PY'
import html
import logging
import os
import re
import sys
from base64 import b64decode
from pathlib import Path

from pool import IDP, PLACE, POOL, SAML, show

logging.disable(logging.CRITICAL)
begin = {"single_sign_on_service": [(f"{IDP}/sso/redirect/", f"{SAML}:bindings:HTTP-Redirect")]}
files = {"key_file": "idp.key", "cert_file": "idp.pem", "xmlsec_binary": os.path.abspath("deb/usr/bin/xmlsec1")}
own = {**files, "entityid": IDP, "service": {"idp": {"endpoints": begin}}, "metadata": {"local": ["pool.xml"]}}


def by_pysaml2(name):
    from saml2.config import IdPConfig
    from saml2.server import Server

    server = Server(config=IdPConfig().load(own))
    _, destination = server.pick_binding("assertion_consumer_service", entity_id=POOL)
    told = {"destination": destination, "sp_entity_id": POOL, "userid": "user", "in_response_to": None}
    how = {"class_ref": f"{SAML}:ac:classes:Password", "authn_auth": IDP}
    show(name, str(server.create_authn_response({"mail": "user@example.com"}, authn=how, **told)))


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
        **more,
    )
    django.setup()
    from django.contrib.auth.models import User
    from django.core.exceptions import ValidationError
    from django.core.management import call_command
    from django.test import Client
    from django.urls import include, path
    from djangosaml2idp.models import ServiceProvider

    globals()["urlpatterns"] = [path("", include("djangosaml2idp.urls"))]
    call_command("migrate", verbosity=0)
    # The product writes the metadata below /tmp otherwise.
    ServiceProvider.metadata_path = lambda self: "pool.xml"
    try:
        ServiceProvider.objects.create(entity_id=POOL, local_metadata=Path("pool.xml").read_text())
    except ValidationError as error:
        return print(f"{name}: {type(error).__name__}")
    browser = Client()
    browser.force_login(User.objects.create_user("user", "user@example.com", "example"))
    asked = {"sp": POOL, "RelayState": "client_id=example&response_type=code"}
    page = browser.get("/sso/init/", asked).content.decode()
    show(name, b64decode(html.unescape(re.search(r'name="SAMLResponse"\s+value="([^"]+)"', page)[1])).decode())


match sys.argv[1]:
    case "pysaml2":
        by_pysaml2("pysaml2")
    case "django":
        by_django("djangosaml2idp2")
    case "days":
        by_django("djangosaml2idp2, with days", SAML_IDP_FALLBACK_EXPIRATION_DAYS=3650)
PY

cat >lasso-provider.py <<'PY'
import base64
import datetime
import sys

from pool import POOL, show

sys.path.insert(0, "deb/usr/lib/python3/dist-packages")
import lasso

server = lasso.Server("idp.xml", "idp.key", None, "idp.pem")
server.addProvider(lasso.PROVIDER_ROLE_SP, "pool.xml")
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
    node providers.cjs 2>errors || { cat errors; exit 1; }
    for provider in pysaml2 django days; do run pysaml2/bin/python -W ignore providers.py "$provider"; done
    run /usr/bin/python3 lasso-provider.py
} | tee seen

diff - seen <<'EXPECTED'
samlp: none, none; no audience; no recipient
samlp, told all three: none, none; the pool; the pool
samlify: '', ''; the pool; the pool
@boxyhq/saml20: none, none; the pool; the pool
pysaml2: none, none; the pool; the pool
djangosaml2idp2: ValidationError
djangosaml2idp2, with days: 'IdP_Initiated_Login', 'IdP_Initiated_Login'; the pool; the pool
Lasso: none, none; the pool; the pool
EXPECTED
echo 'as found'
