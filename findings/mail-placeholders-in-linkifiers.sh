#!/usr/bin/env bash
# anchorme 3.0.8, autolink-js 1.0.2, Autolinker.js 4.1.5, html-linkify 1.2.2 and linkify-html 4.3.3 (npm, Node.js 20),
# bleach 6.4.0, Django 5.2.19 and Jinja2 3.1.6 (PyPI): the text of an e-mail of a user pool in which an address with
# Cognito's `{####}` stands bare, made HTML with links.
#
# Guess: a link ends at white space, so the placeholder is in it. Only Autolinker.js and bleach stop at a brace, and
#   only Django encodes it, `%7B####%7D`.
# Behaviour: anchorme, autolink-js and bleach end the link before the placeholder, which then follows the link as text:
#   the reader sees a whole address, with the code that Cognito fills in, and a click opens it without the code.
#   html-linkify takes all but the last brace, `code={####`, which is no placeholder, and the text shows none either.
#   Django encodes the braces in the address and keeps them in the text. Autolinker.js, linkify-html and Jinja2 keep the
#   placeholder in both. All but html-linkify leave a `{####}` in the e-mail, as Cognito asks for.
#   Whoever has links made writes those with a placeholder by hand, as `<a href="…">`, and compares the address of a
#   link with its text.
# Output seen (the address of the link, and what the reader sees, link in brackets):
#   anchorme: ?code= [https://app.example.com/confirm?code=]{####}
#   autolink-js: ?code= [https://app.example.com/confirm?code=]{####}
#   Autolinker.js: ?code={####} [app.example.com/confirm?code={####}]
#   html-linkify: ?code={#### [https://app.example.com/confirm?code={####]}
#   linkify-html: ?code={####} [https://app.example.com/confirm?code={####}]
#   bleach: ?code= [https://app.example.com/confirm?code=]{####}
#   Django: ?code=%7B####%7D [https://app.example.com/confirm?code={####}]
#   Jinja2: ?code={####} [https://app.example.com/confirm?code={####}]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts anchorme@3.0.8 autolink-js@1.0.2 autolinker@4.1.5 \
    html-linkify@1.2.2 linkify-html@4.3.3 linkifyjs@4.3.3
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check bleach==6.4.0 django==5.2.19 jinja2==3.1.6
echo 'Open https://app.example.com/confirm?code={####} to go on.' >mail.txt

cat >link.cjs <<'JS'
const { readFileSync, writeFileSync } = require("fs");

require("autolink-js");

const mail = readFileSync("mail.txt", "utf8");
const linked = {
  anchorme: require("anchorme").default(mail),
  "autolink-js": mail.autoLink(),
  "Autolinker.js": require("autolinker").default.link(mail),
  "html-linkify": require("html-linkify")(mail),
  "linkify-html": require("linkify-html")(mail),
};
writeFileSync("linked.json", JSON.stringify(linked));
JS
cat >link.py <<'PY'
import json
import re

import bleach
from django.utils.html import urlize
from jinja2 import Environment

mail = open("mail.txt").read()
linked = json.load(open("linked.json")) | {
    "bleach": bleach.linkify(mail),
    "Django": urlize(mail),
    "Jinja2": Environment().from_string("{{ mail|urlize }}").render(mail=mail),
}
for name, html in linked.items():
    address, text, rest = re.search(r"""<a href=["'](.*?)["'].*?>(.*?)</a>(\S*)""", html).groups()
    print(f"{name}: {address.partition('confirm')[2]} [{text}]{rest}")
PY
node link.cjs
env/bin/python link.py | tee seen

diff - seen <<'EXPECTED'
anchorme: ?code= [https://app.example.com/confirm?code=]{####}
autolink-js: ?code= [https://app.example.com/confirm?code=]{####}
Autolinker.js: ?code={####} [app.example.com/confirm?code={####}]
html-linkify: ?code={#### [https://app.example.com/confirm?code={####]}
linkify-html: ?code={####} [https://app.example.com/confirm?code={####}]
bleach: ?code= [https://app.example.com/confirm?code=]{####}
Django: ?code=%7B####%7D [https://app.example.com/confirm?code={####}]
Jinja2: ?code={####} [https://app.example.com/confirm?code={####}]
EXPECTED
echo 'as found'
