#!/usr/bin/env bash
# nodemailer 10.6.0, emailjs 5.0.3, mimetext 3.0.28 (npm, Node.js 20), emails 1.1.3, redmail 0.6.0, Flask-Mail 0.10.0,
# Django 5.2.19 and envelope 2.5.0 (PyPI): `EmailConfiguration.From` of a user pool, given to the library of a custom
# e-mail sender (`LambdaConfig.CustomEmailSender`), which sends in the place of Cognito.
#
# Guess: each one takes the valid spellings of a sender: an address, `Example <address>`, `"Example, Inc." <address>`, and
#   a name in the form of RFC 2047, `=?UTF-8?Q?…?= <address>`, which Amazon SES wants for a name beyond ASCII. The header
#   that goes out shows the reader the same name as an e-mail of Cognito's own.
# Behaviour: emailjs, mimetext and Flask-Mail encode the encoded name once more, so the user reads `=?UTF-8?Q?B=C3=A4ck…`
#   as the sender. nodemailer puts it in quotation marks, where RFC 2047 (section 5) has no encoded name: it is for the
#   reader's program whether it is decoded. envelope sends the letters as they are, bare UTF-8 in the header, and takes
#   the quotation marks off `"Example, Inc."`, which makes two senders of one, the first without an address. The other
#   three send both spellings as they are meant. None reports anything. So a function cannot count on the value of the
#   manifest: five of these eight want a name of their own spelling. An e-mail to oneself shows it.
# Output seen (the header that goes out):
#   nodemailer, encoded: "=?UTF-8?Q?B=C3=A4ckerei?=" <no-reply@example.com>
#   nodemailer, quoted: "Example, Inc." <no-reply@example.com>
#   emailjs, encoded: =?UTF-8?Q?=3D=3FUTF-8=3FQ=3FB=3DC3=3DA4ckerei=3F=3D?= <no-reply@example.com>
#   emailjs, quoted: =?UTF-8?Q?Example=2C_Inc=2E?= <no-reply@example.com>
#   mimetext, encoded: =?utf-8?B?PT9VVEYtOD9RP0I9QzM9QTRja2VyZWk/PQ==?= <no-reply@example.com>
#   mimetext, quoted: =?utf-8?B?RXhhbXBsZSwgSW5jLg==?= <no-reply@example.com>
#   emails, encoded: =?UTF-8?Q?B=C3=A4ckerei?= <no-reply@example.com>
#   emails, quoted: "Example, Inc." <no-reply@example.com>
#   redmail, encoded: =?utf-8?q?B=C3=A4ckerei?= <no-reply@example.com>
#   redmail, quoted: "Example, Inc." <no-reply@example.com>
#   Flask-Mail, encoded: =?utf-8?b?PT9VVEYtOD9RP0I9QzM9QTRja2VyZWk/PQ==?= <no-reply@example.com>
#   Flask-Mail, quoted: =?utf-8?q?Example=2C_Inc=2E?= <no-reply@example.com>
#   Django, encoded: =?UTF-8?Q?B=C3=A4ckerei?= <no-reply@example.com>
#   Django, quoted: "Example, Inc." <no-reply@example.com>
#   envelope, encoded: Bäckerei <no-reply@example.com>
#   envelope, quoted: Example, Inc. <no-reply@example.com>
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund nodemailer@10.6.0 emailjs@5.0.3 mimetext@3.0.28
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check emails==1.1.3 redmail==0.6.0 flask-mail==0.10.0 flask==3.1.3 \
    django==5.2.19 envelope==2.5.0
cat >senders.json <<'JSON'
{
  "encoded": "=?UTF-8?Q?B=C3=A4ckerei?= <no-reply@example.com>",
  "quoted": "\"Example, Inc.\" <no-reply@example.com>"
}
JSON

cat >send.mjs <<'JS'
import { Message } from "emailjs";
import { readFileSync } from "node:fs";
import { createMimeMessage } from "mimetext";
import nodemailer from "nodemailer";

const REST = { to: "user@example.org", subject: "Code", text: "123456" };
const libraries = {
  nodemailer: async (from) => {
    const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
    return String((await transport.sendMail({ ...REST, from })).message);
  },
  emailjs: (from) => new Message({ ...REST, from }).readAsync(),
  mimetext: (from) => {
    const message = createMimeMessage();
    message.setSender(from);
    message.setRecipient(REST.to);
    message.setSubject(REST.subject);
    message.addMessage({ contentType: "text/plain", data: REST.text });
    return message.asRaw();
  },
};
for (const [name, write] of Object.entries(libraries))
  for (const [spelling, from] of Object.entries(JSON.parse(readFileSync("senders.json", "utf8"))))
    console.log(`${name}, ${spelling}: ${/^From: (.*?)\r?$/im.exec(await write(from))[1]}`);
JS
cat >send.py <<'PY'
import json
import re

import django.core.mail
import emails
import flask
import flask_mail
from django.conf import settings
from envelope import Envelope
from redmail import EmailSender

settings.configure()
TO, SUBJECT, TEXT = "user@example.org", "Code", "123456"


def with_redmail(sender):
    return EmailSender(host="localhost", port=0).get_message(sender=sender, receivers=[TO], subject=SUBJECT, text=TEXT)


def with_flask(sender):
    application = flask.Flask("sender")
    flask_mail.Mail(application)
    with application.app_context():
        return flask_mail.Message(sender=sender, recipients=[TO], subject=SUBJECT, body=TEXT).as_bytes()


LIBRARIES = {
    "emails": lambda sender: emails.Message(mail_from=sender, mail_to=TO, subject=SUBJECT, text=TEXT).as_bytes(),
    "redmail": lambda sender: with_redmail(sender).as_bytes(),
    "Flask-Mail": with_flask,
    "Django": lambda sender: django.core.mail.EmailMessage(SUBJECT, TEXT, sender, [TO]).message().as_bytes(),
    "envelope": lambda sender: bytes(Envelope(TEXT).from_(sender).to(TO).subject(SUBJECT)),
}
with open("senders.json") as file:
    senders = json.load(file)
for name, write in LIBRARIES.items():
    for spelling, sender in senders.items():
        print(f"{name}, {spelling}:", re.search(rb"^From: (.*?)\r?$", write(sender), re.M | re.I)[1].decode())
PY
node send.mjs >seen
PYTHONUTF8=1 env/bin/python -W ignore send.py >>seen
cat seen

diff - seen <<'EXPECTED'
nodemailer, encoded: "=?UTF-8?Q?B=C3=A4ckerei?=" <no-reply@example.com>
nodemailer, quoted: "Example, Inc." <no-reply@example.com>
emailjs, encoded: =?UTF-8?Q?=3D=3FUTF-8=3FQ=3FB=3DC3=3DA4ckerei=3F=3D?= <no-reply@example.com>
emailjs, quoted: =?UTF-8?Q?Example=2C_Inc=2E?= <no-reply@example.com>
mimetext, encoded: =?utf-8?B?PT9VVEYtOD9RP0I9QzM9QTRja2VyZWk/PQ==?= <no-reply@example.com>
mimetext, quoted: =?utf-8?B?RXhhbXBsZSwgSW5jLg==?= <no-reply@example.com>
emails, encoded: =?UTF-8?Q?B=C3=A4ckerei?= <no-reply@example.com>
emails, quoted: "Example, Inc." <no-reply@example.com>
redmail, encoded: =?utf-8?q?B=C3=A4ckerei?= <no-reply@example.com>
redmail, quoted: "Example, Inc." <no-reply@example.com>
Flask-Mail, encoded: =?utf-8?b?PT9VVEYtOD9RP0I9QzM9QTRja2VyZWk/PQ==?= <no-reply@example.com>
Flask-Mail, quoted: =?utf-8?q?Example=2C_Inc=2E?= <no-reply@example.com>
Django, encoded: =?UTF-8?Q?B=C3=A4ckerei?= <no-reply@example.com>
Django, quoted: "Example, Inc." <no-reply@example.com>
envelope, encoded: Bäckerei <no-reply@example.com>
envelope, quoted: Example, Inc. <no-reply@example.com>
EXPECTED
echo 'as found'
