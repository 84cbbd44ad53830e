#!/usr/bin/env bash
# markdown-it 15.0.3 with markdown-it-attrs 5.0.1, remark (remark-parse 11.0.0, remark-rehype 11.1.2) with
# remark-heading-id 1.0.1 and with remark-attributes 0.4.4, marked 18.2.1, @react-email/markdown 0.0.18 and Remarkable
# 2.0.1 (npm, Node.js 20), Python-Markdown 3.11.3, Mistune 3.4.0, pyromark 0.10.3, markdown-it-py 4.3.0 with
# mdit-py-plugins 0.7.0, and pandoc in pypandoc_binary 1.17 (PyPI): the text of an e-mail of a user pool, written in
# Markdown, with Cognito's placeholders.
#
# Guess: an attribute list needs a key, `#id` or `.class`, so the extensions for attributes leave `{####}` alone, and
#   take at most `{username}` for one. In the address of a link, the renderers that follow CommonMark write
#   `%7B####%7D`, and the others keep the braces.
# Behaviour: `{####}` is an attribute list: the id `###`. markdown-it-attrs and remark-attributes remove it from a
#   heading and from the end of a paragraph, `{username}` and `{##Verify Email##}` too. The extension `extra` of
#   Python-Markdown, the option for heading attributes of pyromark, and remark-heading-id remove it from a heading only,
#   where a code in large letters is likely to be. mdit-py-plugins and pandoc leave it alone. Nothing is reported. A
#   text with another `{####}` further down still has the placeholder that Cognito asks for.
#   In a link, marked alone encodes the braces, and with React Email's component it does not. Python-Markdown keeps
#   them. Remarkable encodes them in `<…>` and keeps them in `[…](…)`. pandoc encodes them if it reads `markdown`, and
#   keeps them if it reads `gfm`. `%7B####%7D` is no placeholder of Cognito: the user's link has these characters in
#   place of the code.
#   Whoever writes the texts of a pool in Markdown ends no line with a placeholder if attributes are on, replaces
#   `%7B####%7D` by `{####}` in what was rendered, and looks at that.
# Output seen (heading / paragraph / link of Cognito: the code in `[…](…)` and in `<…>`):
#   markdown-it: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   markdown-it, attrs: Your code / Hello / -: %7B####%7D %7B####%7D
#   remark: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   remark, heading-id: Your code / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   remark, attributes: Your code / Hello / -: %7B####%7D %7B####%7D
#   marked: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   React Email: Your code {####} / Hello {username} / {##Verify Email##}: {####} {####}
#   Remarkable: Your code {####} / Hello {username} / {##Verify Email##}: {####} %7B####%7D
#   Python-Markdown: Your code {####} / Hello {username} / {##Verify Email##}: {####} {####}
#   Python-Markdown, extra: Your code / Hello {username} / {##Verify Email##}: {####} {####}
#   Mistune: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   pyromark: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   pyromark, headings: Your code / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   markdown-it-py, attrs: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   pandoc, markdown: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
#   pandoc, gfm: Your code {####} / Hello {username} / {##Verify Email##}: {####} {####}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund markdown-it@15.0.3 markdown-it-attrs@5.0.1 unified@11.0.5 \
    remark-parse@11.0.0 remark-rehype@11.1.2 rehype-stringify@10.0.1 remark-heading-id@1.0.1 \
    remark-attributes@0.4.4 marked@18.2.1 remarkable@2.0.1 react@19.2.3 react-dom@19.2.3 @react-email/markdown@0.0.18
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check markdown==3.11.3 mistune==3.4.0 pyromark==0.10.3 \
    markdown-it-py==4.3.0 mdit-py-plugins==0.7.0 pypandoc-binary==1.17

cat >mail.md <<'MARKDOWN'
# Your code {####}

Hello {username}

{##Verify Email##}

[Confirm](https://app.example.com/confirm?code={####}), or <https://app.example.com/confirm?code={####}>
MARKDOWN

cat >render.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";

import { Markdown } from "@react-email/markdown";
import markdownIt from "markdown-it";
import markdownItAttrs from "markdown-it-attrs";
import { marked } from "marked";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import rehypeStringify from "rehype-stringify";
import remarkAttributes from "remark-attributes";
import remarkHeadingId from "remark-heading-id";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { Remarkable } from "remarkable";
import { unified } from "unified";

const mail = readFileSync("mail.md", "utf8");
const remark = (...plugins) =>
  String(unified().use(remarkParse).use(plugins).use(remarkRehype).use(rehypeStringify).processSync(mail));
const rendered = {
  "markdown-it": markdownIt().render(mail),
  "markdown-it, attrs": markdownIt().use(markdownItAttrs).render(mail),
  remark: remark(),
  "remark, heading-id": remark(remarkHeadingId),
  "remark, attributes": remark(remarkAttributes),
  marked: marked(mail),
  "React Email": renderToStaticMarkup(createElement(Markdown, null, mail)),
  Remarkable: new Remarkable().render(mail),
};
writeFileSync("rendered.json", JSON.stringify(rendered));
JS
cat >render.py <<'PY'
import json
import re

import markdown
import mistune
import pypandoc
import pyromark
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin

mail = open("mail.md").read()
rendered = json.load(open("rendered.json")) | {
    "Python-Markdown": markdown.markdown(mail),
    "Python-Markdown, extra": markdown.markdown(mail, extensions=["extra"]),
    "Mistune": mistune.html(mail),
    "pyromark": pyromark.html(mail),
    "pyromark, headings": pyromark.html(mail, options=pyromark.Options.ENABLE_HEADING_ATTRIBUTES),
    "markdown-it-py, attrs": MarkdownIt().use(attrs_plugin).use(attrs_block_plugin).render(mail),
    "pandoc, markdown": pypandoc.convert_text(mail, "html", format="markdown"),
    "pandoc, gfm": pypandoc.convert_text(mail, "html", format="gfm"),
}
for name, html in rendered.items():
    blocks = re.findall(r"<(?:h1|p)\b[^>]*>(.*?)</(?:h1|p)>", html, re.S)
    # A paragraph that was nothing but attributes is empty, or gone.
    first, second, third = [block.strip() or "-" for block in blocks if "href" not in block] + ["-"] * (4 - len(blocks))
    print(f"{name}: {first} / {second} / {third}:", *re.findall(r'href="[^"]*code=([^"]*)"', html))
PY
node render.mjs
env/bin/python render.py | tee seen

diff - seen <<'EXPECTED'
markdown-it: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
markdown-it, attrs: Your code / Hello / -: %7B####%7D %7B####%7D
remark: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
remark, heading-id: Your code / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
remark, attributes: Your code / Hello / -: %7B####%7D %7B####%7D
marked: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
React Email: Your code {####} / Hello {username} / {##Verify Email##}: {####} {####}
Remarkable: Your code {####} / Hello {username} / {##Verify Email##}: {####} %7B####%7D
Python-Markdown: Your code {####} / Hello {username} / {##Verify Email##}: {####} {####}
Python-Markdown, extra: Your code / Hello {username} / {##Verify Email##}: {####} {####}
Mistune: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
pyromark: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
pyromark, headings: Your code / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
markdown-it-py, attrs: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
pandoc, markdown: Your code {####} / Hello {username} / {##Verify Email##}: %7B####%7D %7B####%7D
pandoc, gfm: Your code {####} / Hello {username} / {##Verify Email##}: {####} {####}
EXPECTED
echo 'as found'
