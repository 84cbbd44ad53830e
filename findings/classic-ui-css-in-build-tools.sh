#!/usr/bin/env bash
# csso 5.0.5, clean-css 5.3.3, Lightning CSS 1.33.0, esbuild 0.28.2, Sass 1.108.2, postcss-preset-env 11.6.2 and
# Tailwind CSS 4.3.5 (npm, Node.js 20), rcssmin 1.3.0 and cssutils 2.15.0 (PyPI): the style sheet of the classic hosted
# UI, `CSS` of `uiCustomization`, as people write CSS today: a nested `&:hover`, a custom property, a colour in
# `oklch()`, and Tailwind's `@apply`.
#
# Guess: each gives rules for Cognito's classes and their `:hover`, nested or not, and a second declaration for a
#   browser that lacks `oklch()`. None adds an at-rule.
# Behaviour: csso removes the nested `&:hover` and all declarations after it in the same rule, and clean-css removes the
#   nested rule: the button has no hover colour, and with csso no margin. csso reports nothing; clean-css lists a
#   warning that only a caller who asks for it sees, and cssutils logs an error. Lightning CSS, given browsers that lack
#   nesting, writes `.submitButton-customizable:hover`, as Cognito's documentation has it, but puts the custom property
#   into two `@supports` rules. Tailwind writes `@layer`, `@supports` and `@property`, two kilobytes for two colours and
#   a shadow. Cognito's documentation excludes `@import`, `@supports`, `@page` and `@media`, and advises a style sheet
#   of 3 KB at most. Whether Cognito reads nested rules is not documented. esbuild with such browsers, Sass and
#   postcss-preset-env give plain rules.
#   Whoever builds this style sheet writes `.submitButton-customizable:hover` as a rule of its own, and looks for `@` in
#   what was built.
# Output seen (at-rules, the form of the hover rule, whether the margin after it is left, characters):
#   source: no at-rule, nested hover, margin, 215
#   csso: no at-rule, no hover, no margin, 131
#   clean-css: no at-rule, no hover, margin, 150
#   Lightning CSS: no at-rule, nested hover, margin, 182
#   Lightning CSS, browsers: @supports, flat hover, margin, 428
#   esbuild: no at-rule, nested hover, margin, 184
#   esbuild, browsers: no at-rule, flat hover, margin, 209
#   Sass: no at-rule, flat hover, margin, 236
#   postcss-preset-env: no at-rule, flat hover, margin, 267
#   Tailwind CSS: @layer @property @supports, flat hover, margin, 2320
#   rcssmin: no at-rule, nested hover, margin, 183
#   cssutils: no at-rule, no hover, no margin, 162
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund csso@5.0.5 clean-css@5.3.3 lightningcss@1.33.0 esbuild@0.28.2 sass@1.108.2 \
    postcss@8.5.34 postcss-preset-env@11.6.2 tailwindcss@4.3.5 @tailwindcss/postcss@4.3.5
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check rcssmin==1.3.0 cssutils==2.15.0

cat >login.css <<'CSS'
.banner-customizable {
  --brand: oklch(60% 0.15 250);
  background-color: var(--brand);
}
.submitButton-customizable {
  background-color: #0057b8;
  &:hover { background-color: #003f86; }
  margin: 20px 0 10px;
}
CSS
cat >tailwind.css <<'CSS'
@reference "tailwindcss";
.banner-customizable { @apply bg-blue-600; }
.submitButton-customizable { @apply bg-blue-600 shadow-md; margin: 20px 0 10px; }
.submitButton-customizable:hover { @apply bg-blue-600/80; }
CSS

cat >build.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";

import tailwind from "@tailwindcss/postcss";
import CleanCSS from "clean-css";
import { minify } from "csso";
import { transformSync } from "esbuild";
import { transform } from "lightningcss";
import postcss from "postcss";
import presetEnv from "postcss-preset-env";
import { compileString } from "sass";

const css = readFileSync("login.css", "utf8");
const lightning = (options) =>
  String(transform({ filename: "login.css", code: Buffer.from(css), minify: true, ...options }).code);
const processed = async (plugin, file) => {
  const { css } = await postcss([plugin]).process(readFileSync(file, "utf8"), { from: file });
  return css;
};
const built = {
  source: css,
  csso: minify(css).css,
  "clean-css": new CleanCSS().minify(css).styles,
  "Lightning CSS": lightning({}),
  "Lightning CSS, browsers": lightning({ targets: { chrome: 90 << 16, safari: 14 << 16 } }),
  esbuild: transformSync(css, { loader: "css", minify: true }).code,
  "esbuild, browsers": transformSync(css, { loader: "css", minify: true, target: ["chrome90", "safari14"] }).code,
  Sass: compileString(css, { style: "compressed" }).css,
  "postcss-preset-env": await processed(presetEnv({ browsers: "chrome 90, safari 14" }), "login.css"),
  "Tailwind CSS": await processed(tailwind({ optimize: { minify: true } }), "tailwind.css"),
};
writeFileSync("built.json", JSON.stringify(built));
JS
cat >build.py <<'PY'
import json
import logging
import re

import cssutils
import rcssmin

cssutils.log.setLevel(logging.CRITICAL)
css = open("login.css").read()
built = json.load(open("built.json")) | {
    "rcssmin": rcssmin.cssmin(css),
    "cssutils": cssutils.parseString(css).cssText.decode(),
}
for name, css in built.items():
    rules = sorted(set(re.findall(r"@[a-z]+", css)))
    hover = "flat" if "-customizable:hover" in css else "nested" if "&:hover" in css else "no"
    margin = "margin" if re.search(r"margin: ?20px 0 10px", css) else "no margin"
    print(f"{name}: {' '.join(rules) or 'no at-rule'}, {hover} hover, {margin}, {len(css)}")
PY
node build.mjs
env/bin/python build.py | tee seen

diff - seen <<'EXPECTED'
source: no at-rule, nested hover, margin, 215
csso: no at-rule, no hover, no margin, 131
clean-css: no at-rule, no hover, margin, 150
Lightning CSS: no at-rule, nested hover, margin, 182
Lightning CSS, browsers: @supports, flat hover, margin, 428
esbuild: no at-rule, nested hover, margin, 184
esbuild, browsers: no at-rule, flat hover, margin, 209
Sass: no at-rule, flat hover, margin, 236
postcss-preset-env: no at-rule, flat hover, margin, 267
Tailwind CSS: @layer @property @supports, flat hover, margin, 2320
rcssmin: no at-rule, nested hover, margin, 183
cssutils: no at-rule, no hover, no margin, 162
EXPECTED
echo 'as found'
