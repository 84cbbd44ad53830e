#!/usr/bin/env bash
# pydantic-extra-types 2.11.1 with pydantic 2.14.4, SQLAlchemy-Utils 0.43.0 with SQLAlchemy 2.1.9,
# django-phonenumber-field 9.0.0 with Django 5.2.19, phonenumbers 9.0.43 (PyPI), zod 4.6.7, joi-phone-number 5.1.1,
# class-validator 0.15.1, yup-phone-lite 2.0.1, graphql-scalars 2.0.0, phone 3.1.72, libphonenumber-js 1.13.16,
# google-libphonenumber 3.2.47 and awesome-phonenumber 7.8.0 (npm, Node.js 20): the phone number that an application
# hands to a pool, as a name (`UsernameAttributes` or `AliasAttributes` with `phone_number`) or as an attribute for
# SMS. By the developer guide Cognito takes a + and digits. moto 5.2.5, ministack 1.5.33 (PyPI) and cognito-local
# 5.3.0 (npm) stand for the pool of a test.
#
# Guess: a field for phone numbers hands E.164 on, or refuses what is not; a number that comes from Cognito passes
#   unchanged; all libraries make one E.164 of one number; and an emulator refuses what is none.
# Behaviour: three fields of four in Python take E.164 in and hand something else out: pydantic's give
#   tel:+1-201-555-0123 (RFC 3966), SQLAlchemy-Utils's gives the national form as text, without a country. Of five
#   validators in npm four find +1 201-555-0123 valid and leave the blank and the dashes in. No emulator refuses
#   tel:+1-201-555-0123 as an attribute, so a test passes. Where the number is the name, `phone` makes another number
#   of an Argentine mobile phone than the ports of libphonenumber: with one library in the browser and another on the
#   server, a person has two names. Ask for number_format="E164" (pydantic), .e164 (SQLAlchemy-Utils) or format:
#   "e164" (joi), and use one library.
# Output seen (what becomes of +1 201-555-0123; and of +12015550123, as Cognito has it; moto, ministack, cognito-local):
#   pydantic, PhoneNumber: tel:+1-201-555-0123; tel:+1-201-555-0123
#   pydantic, PhoneNumberValidator: tel:+1-201-555-0123; tel:+1-201-555-0123
#   SQLAlchemy-Utils, PhoneNumberType: (201) 555-0123; (201) 555-0123
#   django-phonenumber-field: +12015550123; +12015550123
#   011 15 2345 6789 in Argentina, phonenumbers: +5491123456789
#   zod, z.e164(): refused; +12015550123
#   joi-phone-number: +1 201-555-0123; +12015550123
#   joi-phone-number, format e164: +12015550123; +12015550123
#   class-validator, isPhoneNumber: +1 201-555-0123; +12015550123
#   yup-phone-lite: +1 201-555-0123; +12015550123
#   graphql-scalars, PhoneNumber: +1 201-555-0123; +12015550123
#   011 15 2345 6789 in Argentina, phone: +54111523456789
#   011 15 2345 6789 in Argentina, libphonenumber-js: +5491123456789
#   011 15 2345 6789 in Argentina, google-libphonenumber: +5491123456789
#   011 15 2345 6789 in Argentina, awesome-phonenumber: +5491123456789
#   tel:+1-201-555-0123 as phone_number: taken, taken, taken
#   tel:+1-201-555-0123 as a user name: InvalidParameterException, InvalidParameterException, taken
set -euo pipefail
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --legacy-peer-deps cognito-local@5.3.0 zod@4.6.7 joi@18.3.2 \
    joi-phone-number@5.1.1 class-validator@0.15.1 yup@1.7.1 yup-phone-lite@2.0.1 graphql@16.15.0 \
    graphql-scalars@2.0.0 phone@3.1.72 libphonenumber-js@1.13.16 google-libphonenumber@3.2.47 \
    awesome-phonenumber@7.8.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 'moto[cognitoidp]==5.2.5' boto3==1.43.106 \
    pydantic==2.14.4 pydantic-extra-types==2.11.1 sqlalchemy==2.1.9 sqlalchemy-utils==0.43.0 django==5.2.19 \
    django-phonenumber-field==9.0.0 phonenumbers==9.0.43

free() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
ministack=$(free)
env -i PATH="$PATH" HOME="$work" SERVICES=cognito-idp BIND_HOST=127.0.0.1 GATEWAY_PORT="$ministack" LOG_LEVEL=ERROR \
    env/bin/ministack >ministack.said 2>&1 &
servers+=($!)
local=$(free)
env -i PATH="$PATH" HOME="$work" HOST=127.0.0.1 PORT="$local" node node_modules/.bin/cognito-local >local.said 2>&1 &
servers+=($!)

cat >fields.cjs <<'JS'
const joi = require("joi").extend(require("joi-phone-number"));
const yup = require("yup");
require("yup-phone-lite");
const parsed = (schema) => (text) => {
  const { error, value } = schema.validate(text);
  return error ? "refused" : value;
};
const fields = {
  "zod, z.e164()": (text) => require("zod").z.e164().safeParse(text).data ?? "refused",
  "joi-phone-number": parsed(joi.string().phoneNumber({ defaultCountry: "US" })),
  "joi-phone-number, format e164": parsed(joi.string().phoneNumber({ defaultCountry: "US", format: "e164" })),
  "class-validator, isPhoneNumber": (text) => (require("class-validator").isPhoneNumber(text, "US") ? text : "refused"),
  "yup-phone-lite": (text) => yup.string().phone("US").validateSync(text),
  "graphql-scalars, PhoneNumber": (text) => require("graphql-scalars").GraphQLPhoneNumber.parseValue(text),
};
for (const [name, field] of Object.entries(fields)) {
  console.log(`${name}: ${field("+1 201-555-0123")}; ${field("+12015550123")}`);
}
const google = require("google-libphonenumber");
const util = google.PhoneNumberUtil.getInstance();
const converters = {
  phone: (text, country) => require("phone").phone(text, { country }).phoneNumber,
  "libphonenumber-js": (text, country) => require("libphonenumber-js").parsePhoneNumber(text, country).number,
  "google-libphonenumber": (text, country) => util.format(util.parse(text, country), google.PhoneNumberFormat.E164),
  "awesome-phonenumber": (text, regionCode) =>
    require("awesome-phonenumber").parsePhoneNumber(text, { regionCode }).number.e164,
};
for (const [name, convert] of Object.entries(converters)) {
  console.log(`011 15 2345 6789 in Argentina, ${name}: ${convert("011 15 2345 6789", "AR")}`);
}
JS
cat >fields.py <<'PY'
from typing import Annotated

import django
from django.conf import settings
from pydantic import TypeAdapter
from pydantic_extra_types.phone_numbers import PhoneNumber, PhoneNumberValidator
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy_utils import PhoneNumberType

settings.configure(INSTALLED_APPS=["phonenumber_field"], PHONENUMBER_DEFAULT_REGION="US")
django.setup()
import phonenumbers
from phonenumber_field.formfields import PhoneNumberField

base = declarative_base()


class User(base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    phone = Column(PhoneNumberType(region="US"))


engine = create_engine("sqlite://")
base.metadata.create_all(engine)


def sqlalchemy(text):
    with Session(engine) as session:
        user = User(phone=text)
        session.add(user)
        session.commit()
        return session.get(User, user.id).phone


FIELDS = {
    "pydantic, PhoneNumber": TypeAdapter(PhoneNumber).validate_python,
    "pydantic, PhoneNumberValidator": TypeAdapter(Annotated[str, PhoneNumberValidator()]).validate_python,
    "SQLAlchemy-Utils, PhoneNumberType": sqlalchemy,
    "django-phonenumber-field": PhoneNumberField().clean,
}
for name, field in FIELDS.items():
    print(f"{name}: {field('+1 201-555-0123')}; {field('+12015550123')}")
number = phonenumbers.parse("011 15 2345 6789", "AR")
print("011 15 2345 6789 in Argentina, phonenumbers:", phonenumbers.format_number(number, 0))
PY
cat >emulators.py <<'PY'
import contextlib
import socket
import sys
import time

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

BAD = "tel:+1-201-555-0123"
seen = []
for port in [None, *sys.argv[1:]]:
    connection = {"region_name": "eu-west-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    if port:
        connection["endpoint_url"] = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", int(port))).close()
                break
            except OSError:
                time.sleep(0.1)
    with contextlib.nullcontext() if port else mock_aws():
        cognito = boto3.client("cognito-idp", **connection)

        def take(kind, **user):
            pool = cognito.create_user_pool(PoolName="pool", UsernameAttributes=[kind])["UserPool"]["Id"]
            try:
                cognito.admin_create_user(UserPoolId=pool, MessageAction="SUPPRESS", **user)
                return "taken"
            except ClientError as error:
                return error.response["Error"]["Code"]

        phone = [{"Name": "phone_number", "Value": BAD}]
        attribute = take("email", Username="ann@example.com", UserAttributes=phone)
        seen.append([attribute, take("phone_number", Username=BAD)])
for what, verdicts in zip(("phone_number", "a user name"), zip(*seen)):
    print(f"{BAD} as {what}: {', '.join(verdicts)}")
PY
plain=(env -i "PATH=$PATH" "HOME=$work")
"${plain[@]}" env/bin/python -W ignore fields.py >python.seen 2>said || { cat said; exit 1; }
"${plain[@]}" node fields.cjs >js.seen 2>said || { cat said; exit 1; }
"${plain[@]}" env/bin/python -W ignore emulators.py "$ministack" "$local" >emulators.seen
cat python.seen js.seen emulators.seen | tee seen

diff - seen <<'EXPECTED'
pydantic, PhoneNumber: tel:+1-201-555-0123; tel:+1-201-555-0123
pydantic, PhoneNumberValidator: tel:+1-201-555-0123; tel:+1-201-555-0123
SQLAlchemy-Utils, PhoneNumberType: (201) 555-0123; (201) 555-0123
django-phonenumber-field: +12015550123; +12015550123
011 15 2345 6789 in Argentina, phonenumbers: +5491123456789
zod, z.e164(): refused; +12015550123
joi-phone-number: +1 201-555-0123; +12015550123
joi-phone-number, format e164: +12015550123; +12015550123
class-validator, isPhoneNumber: +1 201-555-0123; +12015550123
yup-phone-lite: +1 201-555-0123; +12015550123
graphql-scalars, PhoneNumber: +1 201-555-0123; +12015550123
011 15 2345 6789 in Argentina, phone: +54111523456789
011 15 2345 6789 in Argentina, libphonenumber-js: +5491123456789
011 15 2345 6789 in Argentina, google-libphonenumber: +5491123456789
011 15 2345 6789 in Argentina, awesome-phonenumber: +5491123456789
tel:+1-201-555-0123 as phone_number: taken, taken, taken
tel:+1-201-555-0123 as a user name: InvalidParameterException, InvalidParameterException, taken
EXPECTED
echo 'as found'
