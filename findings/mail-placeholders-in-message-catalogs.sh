#!/usr/bin/env bash
# messageformat 4.0.0 (MessageFormat 2), @fluent/bundle 0.19.1, @messageformat/core 3.4.1, intl-messageformat 11.2.15,
# i18next 26.7.2 with i18next-icu 2.4.4, @lingui/core 5.9.5, vue-i18n 11.4.2, typesafe-i18n 5.27.1 and frenchkiss 0.3.0
# (npm, Node.js 20), and fluent.runtime 0.4.0 (PyPI); sms-segments-calculator 1.3.0 (npm) counts the parts of an SMS:
# the texts of a user pool kept in a catalog of translations, with Cognito's placeholders in the message, or given as
# the values of arguments.
#
# Guess: in the message, `{username}` is an argument without a value and `{####}` an error that stops the build, except
#   in libraries with other marks, which keep both. Given as values, Cognito's placeholders come through whole and bare
#   everywhere.
# Behaviour: in the message, typesafe-i18n removes all three without an error, and frenchkiss removes `{username}` and
#   the braces of the others. Lingui removes `{username}` alone, and @messageformat/core writes `undefined` for it: such
#   a text has the code and no name. i18next-icu leaves a message that it cannot parse as it is. messageformat,
#   intl-messageformat and vue-i18n report an error. In Fluent the catalog has no such message, and nothing is reported
#   when it is loaded.
#   Given as values, all three come through whole. But MessageFormat 2 and Fluent, in JavaScript and in Python, put the
#   isolates U+2068 and U+2069 around each value. They are not in Cognito's pattern for e-mails, so it refuses these.
#   Its pattern for an SMS has any character: the text looks the same, and no longer fits the 7-bit alphabet of GSM, so
#   113 characters are sent and paid for as two parts. `bidiIsolation: "none"` in messageformat and `useIsolating:
#   false` in @fluent/bundle turn the isolates off.
#   Whoever keeps the texts of a pool in a catalog gives the placeholders as values, turns isolates off, and looks for
#   characters beyond ASCII in what was rendered.
# Output seen (the message with placeholders, with arguments, and the parts of an SMS with an argument):
#   messageformat: an error; For <2068>{username}<2069>: <2068>{####}<2069> or <2068>{##Verify##}<2069>; 2
#   messageformat, no isolation: an error; For {username}: {####} or {##Verify##}; 1
#   @fluent/bundle: no message; For <2068>{username}<2069>: <2068>{####}<2069> or <2068>{##Verify##}<2069>; 2
#   @fluent/bundle, no isolation: no message; For {username}: {####} or {##Verify##}; 1
#   fluent.runtime: no message; For <2068>{username}<2069>: <2068>{####}<2069> or <2068>{##Verify##}<2069>; 2
#   @messageformat/core: For undefined: {####} or {##Verify##}; For {username}: {####} or {##Verify##}; 1
#   intl-messageformat: an error; For {username}: {####} or {##Verify##}; 1
#   i18next-icu: For {username}: {####} or {##Verify##}; For {username}: {####} or {##Verify##}; 1
#   Lingui: For : {####} or {##Verify##}; For {username}: {####} or {##Verify##}; 1
#   vue-i18n: an error; For {username}: {####} or {##Verify##}; 1
#   typesafe-i18n: For :  or; For {username}: {####} or {##Verify##}; 1
#   frenchkiss: For : #### or ##Verify##; For {username}: {####} or {##Verify##}; 1
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund messageformat@4.0.0 @fluent/bundle@0.19.1 @messageformat/core@3.4.1 \
    intl-messageformat@11.2.15 i18next@26.7.2 i18next-icu@2.4.4 @lingui/core@5.9.5 vue@3.5.45 vue-i18n@11.4.2 \
    typesafe-i18n@5.27.1 frenchkiss@0.3.0 sms-segments-calculator@1.3.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fluent.runtime==0.4.0

cat >format.mjs <<'JS'
import { execFileSync } from "node:child_process";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { setupI18n } from "@lingui/core";
import MessageFormat1 from "@messageformat/core";
import frenchkiss from "frenchkiss";
import i18next from "i18next";
import ICU from "i18next-icu";
import { IntlMessageFormat } from "intl-messageformat";
import { MessageFormat } from "messageformat";
import segments from "sms-segments-calculator";
import { i18nString } from "typesafe-i18n";
import { createI18n } from "vue-i18n";

const VALUES = { username: "{username}", code: "{####}", link: "{##Verify##}" };
const TEXT = "For {username}: {####} or {##Verify##}";
const icu = { mail: "For {username}: {code} or {link}", sms: "Example: {code} is your code." };
const mf2 = { mail: "For {$username}: {$code} or {$link}", sms: "Example: {$code} is your code." };
const fluent = { mail: "For { $username }: { $code } or { $link }", sms: "Example: { $code } is your code." };
// With the placeholder, a text of 113 characters, all in the alphabet of GSM.
for (const texts of [icu, mf2, fluent])
  texts.sms += " It is valid for 3 minutes. We never call you to ask for it, so keep it to yourself.";

const bundle = (options) => (text, values) => {
  const made = new FluentBundle("en", options);
  made.addResource(new FluentResource(`text = ${text}`));
  const message = made.getMessage("text");
  return message ? made.formatPattern(message.value, values) : "no message";
};
const python = (text, values) =>
  execFileSync("env/bin/python", ["format.py", text, JSON.stringify(values)], { encoding: "utf8", stdio: "pipe" });
const translate = (use) => async (text, values) => {
  const instance = i18next.createInstance().use(use);
  await instance.init({ lng: "en", resources: { en: { translation: { text } } }, showSupportNotice: false });
  return instance.t("text", values);
};
const libraries = {
  messageformat: [mf2, (text, values) => new MessageFormat("en", text).format(values)],
  "messageformat, no isolation": [
    mf2,
    (text, values) => new MessageFormat("en", text, { bidiIsolation: "none" }).format(values),
  ],
  "@fluent/bundle": [fluent, bundle({})],
  "@fluent/bundle, no isolation": [fluent, bundle({ useIsolating: false })],
  "fluent.runtime": [fluent, python],
  "@messageformat/core": [icu, (text, values) => new MessageFormat1("en").compile(text)(values)],
  "intl-messageformat": [icu, (text, values) => new IntlMessageFormat(text, "en").format(values)],
  "i18next-icu": [icu, translate(ICU)],
  Lingui: [icu, (text, values) => setupI18n({ locale: "en", messages: { en: { text } } })._("text", values)],
  "vue-i18n": [
    icu,
    (text, values) =>
      createI18n({ legacy: false, locale: "en", messages: { en: { text } } }).global.t("text", values),
  ],
  "typesafe-i18n": [icu, (text, values) => i18nString("en")(text, values)],
  frenchkiss: [
    icu,
    (text, values) => {
      frenchkiss.set("en", { text });
      frenchkiss.locale("en");
      return frenchkiss.t("text", values);
    },
  ],
};
const visible = (text) => text.replace(/[^\x20-\x7e]/g, (c) => `<${c.codePointAt(0).toString(16).toUpperCase()}>`);
const quietly = { log: console.log };
for (const name of ["error", "log", "warn"]) console[name] = () => {};
for (const [name, [texts, format]] of Object.entries(libraries)) {
  const seen = [];
  for (const [text, values] of [[TEXT, {}], [texts.mail, VALUES]])
    try {
      seen.push(visible((await format(text, values)).trim()));
    } catch {
      seen.push("an error");
    }
  const parts = new segments.SegmentedMessage(await format(texts.sms, VALUES)).segmentsCount;
  quietly.log(`${name}: ${seen.join("; ")}; ${parts}`);
}
JS
cat >format.py <<'PY'
import json
import sys

from fluent.runtime import FluentBundle, FluentResource

bundle = FluentBundle(["en"])
bundle.add_resource(FluentResource(f"text = {sys.argv[1]}\n"))
if bundle.has_message("text"):
    print(bundle.format_pattern(bundle.get_message("text").value, json.loads(sys.argv[2]))[0])
else:
    print("no message")
PY
node format.mjs | tee seen

diff - seen <<'EXPECTED'
messageformat: an error; For <2068>{username}<2069>: <2068>{####}<2069> or <2068>{##Verify##}<2069>; 2
messageformat, no isolation: an error; For {username}: {####} or {##Verify##}; 1
@fluent/bundle: no message; For <2068>{username}<2069>: <2068>{####}<2069> or <2068>{##Verify##}<2069>; 2
@fluent/bundle, no isolation: no message; For {username}: {####} or {##Verify##}; 1
fluent.runtime: no message; For <2068>{username}<2069>: <2068>{####}<2069> or <2068>{##Verify##}<2069>; 2
@messageformat/core: For undefined: {####} or {##Verify##}; For {username}: {####} or {##Verify##}; 1
intl-messageformat: an error; For {username}: {####} or {##Verify##}; 1
i18next-icu: For {username}: {####} or {##Verify##}; For {username}: {####} or {##Verify##}; 1
Lingui: For : {####} or {##Verify##}; For {username}: {####} or {##Verify##}; 1
vue-i18n: an error; For {username}: {####} or {##Verify##}; 1
typesafe-i18n: For :  or; For {username}: {####} or {##Verify##}; 1
frenchkiss: For : #### or ##Verify##; For {username}: {####} or {##Verify##}; 1
EXPECTED
echo 'as found'
