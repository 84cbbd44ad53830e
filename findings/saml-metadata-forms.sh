#!/usr/bin/env bash
# pysaml2 7.5.5, python3-saml 1.16.0 (PyPI), samlify 2.13.1, passport-saml-metadata 5.0.0 (npm): where they find the
# login address and the issuer in valid metadata of an identity provider.
#
# Guess: all four take the address of HTTP-Redirect or, if there is no such one, of HTTP-POST; and read the one
#   EntityDescriptor that is wrapped in an EntitiesDescriptor, as federations and some products serve it.
# Behaviour: python3-saml has no address for metadata with HTTP-POST alone, unless it is asked for that binding: the
#   rest is read, and nothing is reported. Asked for 'redirect', samlify then returns an object, from bindings to
#   addresses, where a text is usual. Of wrapped metadata samlify reads nothing: no issuer, no certificate, no error. So
#   metadata that a service provider takes "without complaint" may still lead nowhere.
# Output seen (issuer and address; the metadata names https://idp and https://idp/post or https://idp/redirect):
#   both, POST first: pysaml2 https://idp post redirect, python3-saml https://idp redirect, samlify https://idp redirect, passport https://idp redirect
#   POST alone: pysaml2 https://idp post, python3-saml https://idp none, samlify https://idp object, passport https://idp post
#   wrapped: pysaml2 https://idp redirect, python3-saml https://idp redirect, samlify undefined object, passport https://idp redirect
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
names = 'xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
key = ('<KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>'
       f"{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>")


def entity(*bindings):
    places = "".join(f'<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{binding}" '
                     f'Location="https://idp/{binding.lower()}"/>' for binding in bindings)
    return (f'<EntityDescriptor {names} entityID="https://idp"><IDPSSODescriptor '
            f'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{key}{places}'
            "</IDPSSODescriptor></EntityDescriptor>")


for name, text in {
    "both, POST first": entity("POST", "Redirect"),
    "POST alone": entity("POST"),
    "wrapped": f"<EntitiesDescriptor {names}>{entity('Redirect')}</EntitiesDescriptor>",
}.items():
    with open(f"{name}.xml", "w") as file:
        file.write(text)
PY
python3 metadata.py

cat >read.py <<'PY'
import sys

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser
from saml2.attribute_converter import ac_factory
from saml2.mdstore import InMemoryMetaData

text = open(sys.argv[1]).read()
store = InMemoryMetaData(ac_factory(), text)
store.parse(text)
((issuer, entity),) = store.items()
places = [place["location"] for one in entity["idpsso_descriptor"] for place in one["single_sign_on_service"]]
found = Parser.parse(text)["idp"]
url = found.get("singleSignOnService", {}).get("url", "/none")
print(f"pysaml2 {issuer} {' '.join(one.rsplit('/', 1)[1] for one in places)}, ", end="")
print(f"python3-saml {found['entityId']} {url.rsplit('/', 1)[1]}", end="")
PY
cat >read.cjs <<'JS'
const fs = require("fs");
const samlify = require("samlify");
const { MetadataReader } = require("passport-saml-metadata");

const metadata = fs.readFileSync(process.argv[2], "utf8");
const show = (place) => (typeof place === "string" ? place.split("/").pop() : typeof place);
const { entityMeta } = samlify.IdentityProvider({ metadata });
const reader = new MetadataReader(metadata);
console.log(
  `, samlify ${entityMeta.getEntityID()} ${show(entityMeta.getSingleSignOnService("redirect"))}` +
    `, passport ${reader.entityId} ${show(reader.identityProviderUrl)}`,
);
JS
for name in 'both, POST first' 'POST alone' wrapped; do
    echo "$name: $(env/bin/python read.py "$name.xml" 2>>errors)$(node read.cjs "$name.xml")"
done | tee seen

diff - seen <<'EXPECTED'
both, POST first: pysaml2 https://idp post redirect, python3-saml https://idp redirect, samlify https://idp redirect, passport https://idp redirect
POST alone: pysaml2 https://idp post, python3-saml https://idp none, samlify https://idp object, passport https://idp post
wrapped: pysaml2 https://idp redirect, python3-saml https://idp redirect, samlify undefined object, passport https://idp redirect
EXPECTED
echo 'as found'
