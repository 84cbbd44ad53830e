#!/usr/bin/env bash
# RabbitMQ 4.0.5 with its plugin rabbitmq_auth_backend_oauth2 (Debian 13): permissions of a broker as scopes of a user
# pool. The plugin's own functions decide; no broker runs. Tokens are made here with PyJWT 2.14.0 (PyPI), as access
# tokens of Cognito: no `aud`, and each scope is the identifier of a resource server, `/`, and a name. botocore 1.44.8
# (PyPI) has the characters that the API allows in both. `verify_aud` is false, and `scope_prefix` is `rabbitmq/`, as
# in Amazon MQ's guide for Cognito.
#
# Guess: no scope of a pool is a permission of RabbitMQ, which looks like `read:VHOST/QUEUE`, as the name of a scope
#   can hold no `/`. So each permission needs an alias in the broker. Amazon MQ's guide has them (`read:all` stands for
#   `read:*/*`), and gives as the reason that a scope can hold no `*`. Groups are no permissions either.
# Behaviour: Cognito's own `/` can be the one that RabbitMQ wants. A resource server with the identifier
#   `rabbitmq/read:*` and a scope `*` gives `rabbitmq/read:*/*`, which the broker grants without an alias. By the API's
#   patterns both may hold a `*`, and the identifier a `/`. The identifier then has the permission and the virtual host,
#   so each pair of these is a resource server of its own (25 in a pool), and its scopes are queues. The scopes of one
#   resource server `rabbitmq` can be tags alone, as `tag:administrator`, and with the broker's default prefix
#   (`rabbitmq.`) not even these; there the identifier is `rabbitmq.read:*`. Names of groups can be permissions too:
#   with `additional_scopes_key` (`extra_scopes_source` inside) `cognito:groups`, a user has those of the groups, with
#   tags. An identifier cannot be changed, so this is decided when the resource server is made. 4.0.5 takes aliases in
#   advanced.config alone: it does not know the lines that the guide has for rabbitmq.conf. Of several pools
#   (`resource_servers`, each with a provider) it finds the right one by `aud` alone, even if `verify_aud` is false, so
#   it refuses the tokens of each.
# Output seen (identifier + scope, or groups: what it may do with the queue `orders` in the virtual host `/`, and tags):
#   prefix rabbitmq/, rabbitmq + read:all: nothing
#   prefix rabbitmq/, rabbitmq + read:all, with an alias: read
#   prefix rabbitmq/, rabbitmq + read:*: nothing
#   prefix rabbitmq/, rabbitmq + tag:administrator: tag administrator
#   prefix rabbitmq/, rabbitmq/read:* + *: read
#   prefix rabbitmq/, rabbitmq/write:%2F + orders: write
#   prefix rabbitmq/, rabbitmq/write:%2F + invoices: nothing
#   default prefix, rabbitmq + tag:administrator: nothing
#   default prefix, rabbitmq.read:* + *: read
#   prefix rabbitmq/, groups rabbitmq/read:*/orders rabbitmq/tag:monitoring: read, tag monitoring
#   prefix rabbitmq/, the same groups without additional_scopes_key: nothing
#   verify_aud as by default, rabbitmq/read:* + *: refused, no_matching_aud_found
#   two pools, rabbitmq/read:* + *: refused, mising_audience_in_token_and_resource_server_in_config
#   lines with scope_aliases in rabbitmq.conf: not known
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyjwt==2.14.0 cryptography==46.0.3 botocore==1.44.8

# The packages of Debian 13 are unpacked into a folder, and their programs run in it (chroot, so as root).
mkdir -p apt/lists/partial apt/cache/archives/partial root/usr/{bin,sbin,lib,lib64} root/dev root/tmp
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
# shellcheck disable=SC2016 # the variable is one of apt-get
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | sed -n 1p)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >apt/sources.list
: >apt/status
options=(-o "Dir::Etc::sourcelist=$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State=$work/apt"
    -o "Dir::State::status=$work/apt/status" -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update >said 2>&1
apt-get "${options[@]}" --yes --no-install-recommends --download-only install \
    rabbitmq-server dash coreutils sed >said 2>&1
for package in apt/cache/archives/*.deb; do
    dpkg --fsys-tarfile "$package" | tar -x -C root --keep-directory-symlink
done
ln -sf dash root/usr/bin/sh
mknod -m 666 root/dev/null c 1 3
plugins=$(echo root/usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins)
[ -d "$plugins/rabbitmq_auth_backend_oauth2-4.0.5" ] || { echo 'another version'; ls "$plugins"; exit 1; }

cat >cases.py <<'PY'
import json
import re
import time

import botocore.session
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E"
GROUPS = ["rabbitmq/read:*/orders", "rabbitmq/tag:monitoring"]
SLASH, DEFAULT = ("rabbitmq/", "prefix rabbitmq/"), (None, "default prefix")
EVERY = ("rabbitmq/read:*", "*")
SCOPES = [
    (SLASH, ("rabbitmq", "read:all"), ""),
    (SLASH, ("rabbitmq", "read:all"), ", with an alias"),
    (SLASH, ("rabbitmq", "read:*"), ""),
    (SLASH, ("rabbitmq", "tag:administrator"), ""),
    (SLASH, EVERY, ""),
    (SLASH, ("rabbitmq/write:%2F", "orders"), ""),
    (SLASH, ("rabbitmq/write:%2F", "invoices"), ""),
    (DEFAULT, ("rabbitmq", "tag:administrator"), ""),
    (DEFAULT, ("rabbitmq.read:*", "*"), ""),
]
key = rsa.generate_private_key(65537, 2048)
with open("root/tmp/key.pem", "wb") as file:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    file.write(key.public_key().public_bytes(serialization.Encoding.PEM, form))
model = botocore.session.Session().get_service_model("cognito-idp")
patterns = [model.shape_for(f"ResourceServer{part}Type").metadata["pattern"] for part in ("Identifier", "ScopeName")]


def token(scope, **more):
    now = int(time.time())
    claims = {"sub": "1example23456789", "token_use": "access", "scope": scope, "auth_time": now, "iss": ISSUER}
    claims |= {"exp": now + 3600, "iat": now, "version": 2, "jti": "1", "client_id": "1example23456789", **more}
    return jwt.encode(claims, key, "RS256", {"kid": "key"})


def binary(value):
    return f"<<{json.dumps(value)}>>"


def case(name, prefix, text, aud="false", more=""):
    settings = [f"{{resource_server_id, {binary('rabbitmq')}}}", f"{{verify_aud, {aud}}}", more]
    settings += [f"{{scope_prefix, {binary(prefix)}}}"] if prefix else []
    return f"{{{json.dumps(name)}, [{', '.join(filter(None, settings))}], {binary(text)}}}."


cases = []
for (prefix, shown), parts, more in SCOPES:
    assert all(re.fullmatch(pattern, part) for pattern, part in zip(patterns, parts)), parts
    alias = f"{{scope_aliases, #{{{binary('rabbitmq/read:all')} => [{binary('rabbitmq/read:*/*')}]}}}}"
    text = token("/".join(parts))
    cases.append(case(f"{shown}, {' + '.join(parts)}{more}", prefix, text, more=alias if more else ""))
assert not re.fullmatch(patterns[1], "read:*/*")
person = token("openid", **{"username": "ann", "cognito:groups": GROUPS})
source = f"{{extra_scopes_source, {binary('cognito:groups')}}}"
cases.append(case(f"{SLASH[1]}, groups {' '.join(GROUPS)}", SLASH[0], person, more=source))
cases.append(case(f"{SLASH[1]}, the same groups without additional_scopes_key", SLASH[0], person))
cases.append(case(f"verify_aud as by default, {' + '.join(EVERY)}", SLASH[0], token("/".join(EVERY)), "true"))
servers, providers = [], []
for pool in ("one", "two"):
    prefix = f"{{scope_prefix, {binary(SLASH[0])}}}"
    servers.append(f"{binary(pool)} => [{{id, {binary(pool)}}}, {{oauth_provider_id, {binary(pool)}}}, {prefix}]")
    providers.append(f"{binary(pool)} => [{{signing_keys, #{{<<\"key\">> => {{pem_file, \"/tmp/key.pem\"}}}}}}]")
both = f"{{resource_servers, #{{{', '.join(servers)}}}}}, {{oauth_providers, #{{{', '.join(providers)}}}}}"
text = case(f"two pools, {' + '.join(EVERY)}", None, token("/".join(EVERY)), more=both)
cases.append(text.replace("{resource_server_id, <<\"rabbitmq\">>}, ", ""))
with open("root/tmp/cases.term", "w") as file:
    file.write("\n".join(cases) + "\n")
PY
env/bin/python cases.py

cat >root/tmp/ask.erl <<'ERL'
-module(ask).
-export([main/0]).
-define(PLUGIN, rabbitmq_auth_backend_oauth2).

main() ->
    logger:set_primary_config(level, none),
    ok = application:load(?PLUGIN),
    {ok, Cases} = file:consult("/tmp/cases.term"),
    [io:format("~s: ~s~n", [Name, show(Settings, Token)]) || {Name, Settings, Token} <- Cases],
    halt().

show(Settings, Token) ->
    Keys = {key_config, [{signing_keys, #{<<"key">> => {pem_file, "/tmp/key.pem"}}}]},
    [application:unset_env(?PLUGIN, Key) || {Key, _} <- application:get_all_env(?PLUGIN)],
    [application:set_env(?PLUGIN, Key, Value) || {Key, Value} <- [Keys | Settings]],
    case rabbit_auth_backend_oauth2:user_login_authentication(<<>>, [{password, Token}]) of
        {ok, User} -> lists:join(", ", granted(User));
        {refused, _, [{error, Reason}]} -> ["refused, ", atom_to_list(Reason)]
    end.

granted(User) ->
    Queue = {resource, <<"/">>, queue, <<"orders">>},
    May = fun(What) -> rabbit_auth_backend_oauth2:check_resource_access(User, Queue, What, #{}) end,
    case [atom_to_list(What) || What <- [configure, write, read], May(What)] ++
         ["tag " ++ atom_to_list(Tag) || Tag <- element(3, User)] of
        [] -> ["nothing"];
        Granted -> Granted
    end.
ERL
chroot root env HOME=/tmp PATH=/usr/lib/erlang/bin:/usr/bin ERL_LIBS="${plugins#root}" \
    sh -c 'cd /tmp && erlc ask.erl && erl -noinput -s ask main' >seen 2>said || { tail -n 5 said seen; exit 1; }
if grep -q scope_aliases "$plugins"/rabbitmq_auth_backend_oauth2-4.0.5/priv/schema/*.schema; then known=known; fi
echo "lines with scope_aliases in rabbitmq.conf: ${known:-not known}" >>seen
cat seen

diff - seen <<'EXPECTED'
prefix rabbitmq/, rabbitmq + read:all: nothing
prefix rabbitmq/, rabbitmq + read:all, with an alias: read
prefix rabbitmq/, rabbitmq + read:*: nothing
prefix rabbitmq/, rabbitmq + tag:administrator: tag administrator
prefix rabbitmq/, rabbitmq/read:* + *: read
prefix rabbitmq/, rabbitmq/write:%2F + orders: write
prefix rabbitmq/, rabbitmq/write:%2F + invoices: nothing
default prefix, rabbitmq + tag:administrator: nothing
default prefix, rabbitmq.read:* + *: read
prefix rabbitmq/, groups rabbitmq/read:*/orders rabbitmq/tag:monitoring: read, tag monitoring
prefix rabbitmq/, the same groups without additional_scopes_key: nothing
verify_aud as by default, rabbitmq/read:* + *: refused, no_matching_aud_found
two pools, rabbitmq/read:* + *: refused, mising_audience_in_token_and_resource_server_in_config
lines with scope_aliases in rabbitmq.conf: not known
EXPECTED
echo 'as found'
