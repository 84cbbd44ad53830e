#!/usr/bin/env bash
# pysaml2 7.5.5, python3-saml 1.16.0 (PyPI), samlify 2.13.1, passport-saml-metadata 5.0.0 (npm): which certificates
# they take from the metadata of an identity provider that is about to change its key.
#
# Guess: all four take every certificate that may sign: each in its own KeyDescriptor, several in one X509Data, and a
#   KeyDescriptor without `use`, which by the SAML metadata specification is for signing and for encryption.
# Behaviour: two of the four miss one. pysaml2 keeps only the last certificate of an X509Data. samlify passes over a key
#   without `use` if another key says `signing`, and takes it if it is the only key. passport-saml-metadata has all in
#   `signingCerts`, the first as `signingCert`, and the last as the `idpCert` of toPassportConfig() (documented; the
#   option `multipleCerts` gives all). python3-saml has all of them, under another name (`x509certMulti`) than a single
#   one (`x509cert`). So a metadata file that works for one of them today says little about the day of the change.
# Output seen (old and new are two certificates, in that order in the file):
#   two KeyDescriptors: pysaml2 [old new], python3-saml [old new], samlify [old new], passport [old new] first old, config new
#   second without use: pysaml2 [old new], python3-saml [old new], samlify [old], passport [old new] first old, config new
#   two in one X509Data: pysaml2 [new], python3-saml [old new], samlify [old new], passport [old new] first old, config new
#   one without use: pysaml2 [new], python3-saml [new], samlify [new], passport [new] first new, config new
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund samlify@2.13.1 passport-saml-metadata@5.0.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pysaml2==7.5.5 python3-saml==1.16.0

for name in old new; do
    openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out "$name.pem" -days 365 -subj "/CN=$name" 2>/dev/null
done
cat >metadata.py <<'PY'
certificate = {name: "".join(open(f"{name}.pem").read().split("\n")[1:-2]) for name in ("old", "new")}


def key(names, use=""):
    held = "".join(f"<ds:X509Certificate>{certificate[name]}</ds:X509Certificate>" for name in names)
    return f"<KeyDescriptor{use}><ds:KeyInfo><ds:X509Data>{held}</ds:X509Data></ds:KeyInfo></KeyDescriptor>"


signing = ' use="signing"'
files = {
    "two KeyDescriptors": key(["old"], signing) + key(["new"], signing),
    "second without use": key(["old"], signing) + key(["new"]),
    "two in one X509Data": key(["old", "new"], signing),
    "one without use": key(["new"]),
}
for name, keys in files.items():
    with open(f"{name}.xml", "w") as file:
        file.write(f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
  xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example.com">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}
  <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    Location="https://idp.example.com/sso"/></IDPSSODescriptor></EntityDescriptor>""")
PY
python3 metadata.py

cat >read.py <<'PY'
import sys

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser
from saml2.attribute_converter import ac_factory
from saml2.mdstore import InMemoryMetaData

names = {"".join(open(f"{name}.pem").read().split("\n")[1:-2]): name for name in ("old", "new")}
text = open(sys.argv[1]).read()
store = InMemoryMetaData(ac_factory(), text)
store.parse(text)
found = [names["".join(pair[1].split())] for pair in store.certs("https://idp.example.com", "idpsso", "signing")]
read = Parser.parse(text)["idp"]
held = read["x509certMulti"]["signing"] if "x509certMulti" in read else [read["x509cert"]]
print(f"pysaml2 [{' '.join(found)}], python3-saml [{' '.join(names[one] for one in held)}]", end="")
PY
cat >read.cjs <<'JS'
const fs = require("fs");
const samlify = require("samlify");
const { MetadataReader, toPassportConfig } = require("passport-saml-metadata");
const plain = (text) => text.replace(/-----[A-Z ]+-----|\s/g, "");
const names = Object.fromEntries(["old", "new"].map((name) => [plain(fs.readFileSync(`${name}.pem`, "utf8")), name]));
const show = (one) => names[plain(one)];
const metadata = fs.readFileSync(process.argv[2], "utf8");
const held = [samlify.IdentityProvider({ metadata }).entityMeta.getX509Certificate("signing")].flat();
const reader = new MetadataReader(metadata);
const { idpCert } = toPassportConfig(reader);
console.log(
  `, samlify [${held.map(show).join(" ")}], passport [${reader.signingCerts.map(show).join(" ")}] ` +
    `first ${show(reader.signingCert)}, config ${show(idpCert)}`,
);
JS
for name in 'two KeyDescriptors' 'second without use' 'two in one X509Data' 'one without use'; do
    echo "$name: $(env/bin/python read.py "$name.xml")$(node read.cjs "$name.xml")"
done | tee seen

diff - seen <<'EXPECTED'
two KeyDescriptors: pysaml2 [old new], python3-saml [old new], samlify [old new], passport [old new] first old, config new
second without use: pysaml2 [old new], python3-saml [old new], samlify [old], passport [old new] first old, config new
two in one X509Data: pysaml2 [new], python3-saml [old new], samlify [old new], passport [old new] first old, config new
one without use: pysaml2 [new], python3-saml [new], samlify [new], passport [new] first new, config new
EXPECTED
echo 'as found'
