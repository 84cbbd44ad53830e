#!/usr/bin/env bash
# pysaml2 7.5.5, python3-saml 1.16.0 (PyPI), samlify 2.13.1, passport-saml-metadata 5.0.0 (npm): two spellings that XML
# Schema allows in the metadata of an identity provider.
#
# Guess: `WantAuthnRequestsSigned="1"` is what `"true"` is, since the attribute is an xs:boolean, and white space around
#   a NameIDFormat, an xs:anyURI, does not count, so that pretty-printed metadata reads like compact metadata.
# Behaviour: python3-saml and samlify take 1 for false, so that their requests are of a kind which the provider refuses;
#   pysaml2 hands out the text. passport-saml-metadata has no such setting. The line ends around a NameIDFormat are part
#   of the format in three of the four.
# Output seen (signed: of "true", of "1"; format: of one on a line of its own):
#   pysaml2: signed 'true' '1', format clean
#   python3-saml: signed True False, format with white space
#   samlify: signed true false, format with white space
#   passport-saml-metadata: format with white space
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund samlify@2.13.1 passport-saml-metadata@5.0.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pysaml2==7.5.5 python3-saml==1.16.0
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out idp.pem -days 365 -subj /CN=idp 2>/dev/null

cat >metadata.py <<'PY'
certificate = "".join(open("idp.pem").read().split("\n")[1:-2])
for signed in ("true", "1"):
    with open(f"{signed}.xml", "w") as file:
        file.write(f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
  xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp">
  <IDPSSODescriptor WantAuthnRequestsSigned="{signed}"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate>
    </ds:X509Data></ds:KeyInfo></KeyDescriptor>
    <NameIDFormat>
      urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress
    </NameIDFormat>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp/redirect"/>
  </IDPSSODescriptor>
</EntityDescriptor>""")
PY
python3 metadata.py

cat >read.py <<'PY'
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser
from saml2.attribute_converter import ac_factory
from saml2.mdstore import InMemoryMetaData


def by_pysaml2(text):
    store = InMemoryMetaData(ac_factory(), text)
    store.parse(text)
    (descriptor,) = store["https://idp"]["idpsso_descriptor"]
    return repr(descriptor["want_authn_requests_signed"]), descriptor["name_id_format"][0]["text"]


def by_python3_saml(text):
    found = Parser.parse(text)
    return found["security"]["authnRequestsSigned"], found["sp"]["NameIDFormat"]


def show(form):
    return "clean" if form == form.strip() else "with white space"


for name, read in (("pysaml2", by_pysaml2), ("python3-saml", by_python3_saml)):
    (yes, form), (one, _) = (read(open(f"{signed}.xml").read()) for signed in ("true", "1"))
    print(f"{name}: signed {yes} {one}, format {show(form)}")
PY
cat >read.cjs <<'JS'
const fs = require("fs");
const samlify = require("samlify");
const { MetadataReader } = require("passport-saml-metadata");

const show = (form) => (form === form.trim() ? "clean" : "with white space");
const texts = ["true", "1"].map((signed) => fs.readFileSync(`${signed}.xml`, "utf8"));
const metas = texts.map((metadata) => samlify.IdentityProvider({ metadata }).entityMeta);
const signed = metas.map((meta) => meta.isWantAuthnRequestsSigned());
console.log(`samlify: signed ${signed.join(" ")}, format ${show(metas[0].getNameIDFormat())}`);
console.log(`passport-saml-metadata: format ${show(new MetadataReader(texts[0]).identifierFormat)}`);
JS
{
    env/bin/python read.py
    node read.cjs
} | tee seen

diff - seen <<'EXPECTED'
pysaml2: signed 'true' '1', format clean
python3-saml: signed True False, format with white space
samlify: signed true false, format with white space
passport-saml-metadata: format with white space
EXPECTED
echo 'as found'
