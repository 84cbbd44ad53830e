#!/usr/bin/env bash
# tldextract 5.4.0, tld 0.13.2, publicsuffixlist 1.1.2.20261023 and fido2 2.2.1 (PyPI), psl 1.15.0, tldts 7.6.0,
# parse-domain 8.4.0 and tough-cookie 6.1.0 (npm, Node.js 20): in which Regions the host of a prefix is a site of its
# own. The Regions are those of botocore 1.44.8; the hosts have the form that the newest of the lists has.
#
# Guess: Amazon reports the parents of these hosts to the public suffix list, so a library with a list of this year has
#   all 37 Regions, and so has the newest version of a library that is kept up. By default it uses the whole list.
# Behaviour: tldextract and tldts leave out the companies' part of the list unless an option says otherwise, and take
#   the pools of all customers for one site, amazoncognito.com. tldextract 5.4.0, of October 2026, ships the list of
#   April 2025 (used here; it looks for a newer one if it may), so with the option that stays so for prefixes in
#   ap-east-2, ap-southeast-5, -6, -7, mx-central-1 and us-gov-east-1. psl knows the same 30 Regions. tld, parse-domain
#   and fido2 lack ap-east-2 and ap-southeast-6. In the European Sovereign Cloud an old list has amazonwebservices.eu.
#   What goes by the site (links that are trusted, a limit for each site, statistics of referrers) works for a pool in
#   Ireland, and takes a pool in a new Region for every pool. Name the whole host there, never the site, or use a
#   custom domain, of which all say the same.
# Output seen (the Regions, of 37, in which the site is the host itself; the site of a prefix in mx-central-1):
#   publicsuffixlist: 37; customers.auth.mx-central-1.amazoncognito.com
#   fido2: 35; customers.auth.mx-central-1.amazoncognito.com
#   tld: 35; customers.auth.mx-central-1.amazoncognito.com
#   tldextract: 0; amazoncognito.com
#   tldextract, include_psl_private_domains: 30; amazoncognito.com
#   tough-cookie: 37; customers.auth.mx-central-1.amazoncognito.com
#   parse-domain: 35; customers.auth.mx-central-1.amazoncognito.com
#   psl: 30; amazoncognito.com
#   tldts: 0; amazoncognito.com
#   tldts, allowPrivateDomains: 37; customers.auth.mx-central-1.amazoncognito.com
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts psl@1.15.0 tldts@7.6.0 parse-domain@8.4.0 tough-cookie@6.1.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check tldextract==5.4.0 tld==0.13.2 publicsuffixlist==1.1.2.20261023 \
    fido2==2.2.1 botocore==1.44.8

cat >site.py <<'PY'
import json

from botocore.session import Session
from fido2.rpid import suffixes
from publicsuffixlist import PublicSuffixList
from tld import get_fld
from tldextract import TLDExtract

OWN = "login.example.com"
FORMS = "auth.{}.amazoncognito.com", "auth-fips.{}.amazoncognito.com", "auth.cognito-idp.{}.on.amazonwebservices.eu"
newest = PublicSuffixList()
session = Session()
hosts = {}
for partition in session.get_available_partitions():
    for region in session.get_available_regions("cognito-idp", partition):
        parents = (form.format(region) for form in FORMS)
        hosts[region] = "customers." + next(parent for parent in parents if newest.is_public(parent))
with open("hosts.json", "w") as file:
    json.dump(hosts, file)

extract = TLDExtract(suffix_list_urls=(), cache_dir=None)
private = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def fido(host):
    """Returns the part of a host after the longest suffix in the list, with one label more."""
    labels = host.split(".")
    at = next(at for at in range(len(labels)) if ".".join(labels[at + 1 :]) in suffixes)
    return ".".join(labels[at:])


libraries = {
    "publicsuffixlist": newest.privatesuffix,
    "fido2": fido,
    "tld": lambda host: get_fld(f"https://{host}"),
    "tldextract": lambda host: extract(host).top_domain_under_public_suffix,
    "tldextract, include_psl_private_domains": lambda host: private(host).top_domain_under_public_suffix,
}
for name, site in libraries.items():
    assert site(OWN) == "example.com"
    known = [region for region, host in hosts.items() if site(host) == host]
    print(f"{name}: {len(known)}; {site(hosts['mx-central-1'])}")
PY
cat >site.mjs <<'JS'
import fs from "node:fs";
import { parseDomain } from "parse-domain";
import psl from "psl";
import { getDomain } from "tldts";
import { getPublicSuffix } from "tough-cookie";

const hosts = JSON.parse(fs.readFileSync("hosts.json", "utf8"));
const parsed = (host) => {
  const { domain, topLevelDomains } = parseDomain(host);
  return [domain, ...topLevelDomains].join(".");
};
const libraries = {
  "tough-cookie": (host) => getPublicSuffix(host),
  "parse-domain": parsed,
  psl: (host) => psl.get(host),
  tldts: (host) => getDomain(host),
  "tldts, allowPrivateDomains": (host) => getDomain(host, { allowPrivateDomains: true }),
};
for (const [name, site] of Object.entries(libraries)) {
  if (site("login.example.com") !== "example.com") throw new Error(name);
  const known = Object.values(hosts).filter((host) => site(host) === host);
  console.log(`${name}: ${known.length}; ${site(hosts["mx-central-1"])}`);
}
JS
{
    env -i PATH="$PATH" HOME="$work" env/bin/python site.py
    env -i PATH="$PATH" HOME="$work" node site.mjs
} | tee seen

diff - seen <<'EXPECTED'
publicsuffixlist: 37; customers.auth.mx-central-1.amazoncognito.com
fido2: 35; customers.auth.mx-central-1.amazoncognito.com
tld: 35; customers.auth.mx-central-1.amazoncognito.com
tldextract: 0; amazoncognito.com
tldextract, include_psl_private_domains: 30; amazoncognito.com
tough-cookie: 37; customers.auth.mx-central-1.amazoncognito.com
parse-domain: 35; customers.auth.mx-central-1.amazoncognito.com
psl: 30; amazoncognito.com
tldts: 0; amazoncognito.com
tldts, allowPrivateDomains: 37; customers.auth.mx-central-1.amazoncognito.com
EXPECTED
echo 'as found'
