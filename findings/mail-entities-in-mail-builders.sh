#!/usr/bin/env bash
# premailer 3.10.0, emails 1.1.3, toronado 0.1.0, css-inline 0.23.1, mjml 0.12.0, mrml 0.2.4 and nh3 0.3.7 (PyPI), juice
# 12.2.0, inline-css 4.0.3, mjml 5.4.1, htmlnano 3.5.1, html-minifier-terser 7.2.0, html-minifier-next 8.7.0 and
# email-comb 7.4.4 (npm, Node.js 20), and the API model of botocore 1.44.8: the text of an e-mail of a user pool with
# the entities `&nbsp;`, which keeps the code on one line with the word before it, and `&zwnj;`, which fills the preview
# of an inbox.
#
# Guess: an entity stays an entity. The tools that build on lxml write numbers, `&#160;`; css-inline and nh3 serialize
#   as HTML 5 has it, `&nbsp;` and the bare character for `&zwnj;`; all others keep what they read.
# Behaviour: Cognito's pattern for such a text has letters, marks, symbols, numbers, punctuation and the white space of
#   ASCII. U+00A0 and U+200C are none of these, and the entities are. premailer and emails write both characters bare,
#   and toronado, on lxml too, writes numbers. The `mjml` of PyPI writes both bare; MJML itself and mrml keep the
#   entities. htmlnano writes U+00A0 alone. inline-css writes U+200C alone. html-minifier-next keeps both, and with its
#   preset `comprehensive` writes both bare. So a text in plain ASCII is one that Cognito accepts before such a step,
#   and refuses after it, with an error that quotes the pattern and names no character.
#   Users have met this with React Email's preview (resend/react-email, issue 609). `poolctl validate` names the
#   character. Whoever wants to keep the tool encodes its output: in Python, `html.encode("ascii", "xmlcharrefreplace")`
#   puts numbers in place of all that is not ASCII.
# Output seen (what is outside of the pattern):
#   source: nothing
#   premailer: U+00A0 U+200C
#   premailer, encoded: nothing
#   emails: U+00A0 U+200C
#   toronado: nothing
#   css-inline: U+200C
#   nh3: U+200C
#   mjml (PyPI): U+00A0 U+200C
#   mrml: nothing
#   mjml (npm): nothing
#   juice: nothing
#   inline-css: U+200C
#   htmlnano: U+00A0
#   html-minifier-terser: nothing
#   html-minifier-next: nothing
#   html-minifier-next, comprehensive: U+00A0 U+200C
#   email-comb: nothing
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund juice@12.2.0 inline-css@4.0.3 mjml@5.4.1 htmlnano@3.5.1 cssnano@7.1.3 \
    postcss@8.5.6 html-minifier-terser@7.2.0 html-minifier-next@8.7.0 email-comb@7.4.4
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check premailer==3.10.0 emails==1.1.3 toronado==0.1.0 \
    css-inline==0.23.1 mjml==0.12.0 mrml==0.2.4 nh3==0.3.7 botocore==1.44.8 regex==2026.11.19

cat >mail.html <<'HTML'
<!doctype html>
<html>
<head><title>Code</title><style>.code { color: red }</style></head>
<body>
<div style="display: none">Your code&zwnj;&nbsp;&zwnj;&nbsp;</div>
<p class="code">Your code is&nbsp;{####}</p>
</body>
</html>
HTML
cat >mail.mjml <<'MJML'
<mjml>
  <mj-head><mj-preview>Your code&zwnj;&nbsp;&zwnj;&nbsp;</mj-preview></mj-head>
  <mj-body>
    <mj-section><mj-column><mj-text color="red">Your code is&nbsp;{####}</mj-text></mj-column></mj-section>
  </mj-body>
</mjml>
MJML

cat >build.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";

import { comb } from "email-comb";
import { getPreset, minify as minifyNext } from "html-minifier-next";
import { minify } from "html-minifier-terser";
import htmlnano from "htmlnano";
import inlineCss from "inline-css";
import juice from "juice";
import mjml2html from "mjml";

const mail = readFileSync("mail.html", "utf8");
const built = {
  "mjml (npm)": (await mjml2html(readFileSync("mail.mjml", "utf8"))).html,
  juice: juice(mail),
  "inline-css": await inlineCss(mail, { url: "https://example.com/" }),
  htmlnano: (await htmlnano.process(mail)).html,
  "html-minifier-terser": await minify(mail, { collapseWhitespace: true, minifyCSS: true, removeComments: true }),
  "html-minifier-next": await minifyNext(mail, { collapseWhitespace: true, minifyCSS: true, removeComments: true }),
  "html-minifier-next, comprehensive": await minifyNext(mail, getPreset("comprehensive")),
  "email-comb": comb(mail).result,
};
writeFileSync("built.json", JSON.stringify(built));
JS
cat >build.py <<'PY'
import json

import botocore.loaders
import css_inline
import emails
import mjml
import mrml
import nh3
import premailer
import regex
import toronado

mail, template = open("mail.html").read(), open("mail.mjml").read()
message = emails.Message(html=mail, subject="Code", mail_from="no-reply@example.com")
message.transform(load_images=False)
built = {
    "source": mail,
    "premailer": premailer.transform(mail),
    "premailer, encoded": premailer.transform(mail).encode("ascii", "xmlcharrefreplace").decode(),
    "emails": message.html,
    "toronado": toronado.from_string(mail).decode(),
    "css-inline": css_inline.inline(mail),
    "nh3": nh3.clean(mail),
    "mjml (PyPI)": mjml.mjml_to_html(template).html,
    "mrml": mrml.to_html(template).content,
} | json.load(open("built.json"))

shapes = botocore.loaders.Loader().load_service_model("cognito-idp", "service-2")["shapes"]
# The service's `\s` is Java's: ASCII.
pattern = regex.compile(shapes["EmailVerificationMessageType"]["pattern"].replace(r"\s", r" \t\n\v\f\r"))
for name, html in built.items():
    outside = sorted({character for character in html if not pattern.fullmatch(character + "{####}")})
    assert bool(outside) != bool(pattern.fullmatch(html)), name
    print(f"{name}:", *[f"U+{ord(character):04X}" for character in outside] or ["nothing"])
PY
node build.mjs
env/bin/python build.py | tee seen

diff - seen <<'EXPECTED'
source: nothing
premailer: U+00A0 U+200C
premailer, encoded: nothing
emails: U+00A0 U+200C
toronado: nothing
css-inline: U+200C
nh3: U+200C
mjml (PyPI): U+00A0 U+200C
mrml: nothing
mjml (npm): nothing
juice: nothing
inline-css: U+200C
htmlnano: U+00A0
html-minifier-terser: nothing
html-minifier-next: nothing
html-minifier-next, comprehensive: U+00A0 U+200C
email-comb: nothing
EXPECTED
echo 'as found'
