#!/usr/bin/env bash
# Jinja2 3.1.6, MiniJinja 3.1.0, Django 5.2.19, python-liquid 2.3.6 and djLint 1.54.0 (PyPI), Nunjucks 3.2.4, Twig.js
# 2.0.0, Handlebars 4.7.10, and Prettier 3.10.1 with @zackad/prettier-plugin-twig 0.17.0 and
# prettier-plugin-jinja-template 2.2.0 (npm, Node.js 20): the text of an e-mail of a user pool, with Cognito's
# placeholders, rendered or formatted.
#
# Guess: template engines act on `{{ … }}` and `{% … %}`. Cognito's placeholders have one brace, so `{####}`,
#   `{##Verify##}` and `{username}` come through alike, and a formatter changes white space between tags only.
# Behaviour: `{#` begins a comment in the engines of Jinja's family, Django and Twig included, and `{####}` and
#   `{##Verify##}` are complete comments. They are removed without an error, while `{username}` stays: the mail is whole
#   but for its code. Liquid and Handlebars keep all three. The formatter of Twig files writes `{# ## #}`, which is no
#   placeholder of Cognito any more, in the text only: in an `href` it stays as it is. So a text that has the code in a
#   link too still has the placeholder that Cognito asks for, passes every check of its form, and shows the reader no
#   code. djLint and the formatter of Jinja files change nothing.
#   Whoever renders the texts of a pool before a tool reads them writes `{{ '{####}' }}`, or a `{% verbatim %}` block in
#   Django, and looks at the rendered text, not at the template.
# Output seen (the text, then the address of the link):
#   Jinja2: {username}, your code is . Or , or user={username}&code=
#   MiniJinja: {username}, your code is . Or , or user={username}&code=
#   Django: {username}, your code is . Or , or user={username}&code=
#   python-liquid: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
#   djLint: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
#   Jinja2, quoted: your code is {####}
#   Django, verbatim: your code is {####}
#   Nunjucks: {username}, your code is . Or , or user={username}&code=
#   Twig.js: {username}, your code is . Or , or user={username}&code=
#   Handlebars: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
#   Prettier, Twig: {username}, your code is {# ## #}. Or {# #Verify# #}, or user={username}&code={####}
#   Prettier, Jinja: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund nunjucks@3.2.4 twig@2.0.0 handlebars@4.7.10 prettier@3.10.1 \
    @zackad/prettier-plugin-twig@0.17.0 prettier-plugin-jinja-template@2.2.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check jinja2==3.1.6 minijinja==3.1.0 django==5.2.19 \
    python-liquid==2.3.6 djlint==1.54.0

cat >mail.html <<'HTML'
<html>
  <body>
    <p>
      {username}, your code is {####}. Or {##Verify##}, or
      <a href="https://app.example.com/confirm?user={username}&code={####}">this</a>
    </p>
  </body>
</html>
HTML

cat >render.py <<'PY'
import re
import subprocess

import jinja2
import liquid
import minijinja
from django.template import Context, Engine

MAIL = open("mail.html").read()


def shown(mail):
    text, link = re.search(r'<p>(.*?)<a\s+href="\S+confirm.(.*?)"', mail, re.S).groups()
    return f"{' '.join(text.split())} {link}"


def django(text):
    return Engine().from_string(text).render(Context())


def formatted(text):
    open("formatted.html", "w").write(text)
    subprocess.run(["env/bin/djlint", "--reformat", "--quiet", "formatted.html"], stdout=subprocess.DEVNULL)
    return open("formatted.html").read()


ENGINES = {
    "Jinja2": lambda text: jinja2.Template(text).render(),
    "MiniJinja": lambda text: minijinja.Environment().render_str(text),
    "Django": django,
    "python-liquid": lambda text: liquid.Environment().from_string(text).render(),
    "djLint": formatted,
}
for name, render in ENGINES.items():
    print(f"{name}: {shown(render(MAIL))}")
print("Jinja2, quoted:", jinja2.Template("your code is {{ '{####}' }}").render())
print("Django, verbatim:", django("your code is {% verbatim %}{####}{% endverbatim %}"))
PY
cat >render.cjs <<'JS'
const { readFileSync } = require("fs");

const mail = readFileSync("mail.html", "utf8");
function shown(text) {
  const before = text.match(/<p>([\s\S]*?)<a/)[1].split(/\s+/).filter(Boolean).join(" ");
  return `${before} ${text.match(/confirm\?(.*?)"/)[1]}`;
}
const prettier = (parser, plugin) => require("prettier").format(mail, { parser, plugins: [plugin] });
const engines = {
  Nunjucks: () => require("nunjucks").renderString(mail, {}),
  "Twig.js": () => require("twig").twig({ data: mail }).render({}),
  Handlebars: () => require("handlebars").compile(mail)({}),
  "Prettier, Twig": () => prettier("twig", "@zackad/prettier-plugin-twig"),
  "Prettier, Jinja": () => prettier("jinja-template", "prettier-plugin-jinja-template"),
};
(async () => {
  for (const [name, render] of Object.entries(engines)) console.log(`${name}: ${shown(await render())}`);
})();
JS
{
    env -i PATH="$PATH" HOME="$work" env/bin/python render.py
    env -i PATH="$PATH" HOME="$work" node render.cjs
} | tee seen

diff - seen <<'EXPECTED'
Jinja2: {username}, your code is . Or , or user={username}&code=
MiniJinja: {username}, your code is . Or , or user={username}&code=
Django: {username}, your code is . Or , or user={username}&code=
python-liquid: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
djLint: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
Jinja2, quoted: your code is {####}
Django, verbatim: your code is {####}
Nunjucks: {username}, your code is . Or , or user={username}&code=
Twig.js: {username}, your code is . Or , or user={username}&code=
Handlebars: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
Prettier, Twig: {username}, your code is {# ## #}. Or {# #Verify# #}, or user={username}&code={####}
Prettier, Jinja: {username}, your code is {####}. Or {##Verify##}, or user={username}&code={####}
EXPECTED
echo 'as found'
