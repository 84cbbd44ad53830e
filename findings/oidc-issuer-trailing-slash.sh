#!/usr/bin/env bash
# openid-client 6.9.0 (npm, Node.js 20): an issuer that is configured with one slash more or less than its discovery
# document says.
#
# Guess: OpenID Connect Discovery wants the two to be identical, and the library compares the two texts.
# Behaviour: it compares them as URLs. For an issuer that is only a host, `https://idp` and `https://idp/` are the same URL,
#   so that the slash does not matter. With a path it does: `…/tenant` against `…/tenant/` is refused, both ways. So an
#   `oidc_issuer` that "works in the application" with a host does not show which spelling is right.
# Output seen (document: the issuer that the document names; ok: taken, with the spelling used afterwards):
#   /: given without, document with slash: ok with
#   /tenant: given without, document with slash: refused
#   /tenant: given with, document without slash: refused
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund openid-client@6.9.0

# Serves the document at the two addresses, with the issuer that the file `issuer` holds.
cat >serve.py <<'PY'
import http.server, json


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path in ("/.well-known/openid-configuration", "/tenant/.well-known/openid-configuration")
        issuer = open("issuer").read()
        body = json.dumps({"issuer": issuer, "authorization_endpoint": issuer + "/a", "token_endpoint": issuer + "/t",
                           "jwks_uri": issuer + "/k", "response_types_supported": ["code"],
                           "subject_types_supported": ["public"],
                           "id_token_signing_alg_values_supported": ["RS256"]}).encode()
        self.send_response(200 if known else 404)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
exec 3< <(exec python3 serve.py)
server=$!
read -r port <&3

cat >ask.mjs <<'JS'
import { allowInsecureRequests, discovery } from "openid-client";

try {
  const found = await discovery(new URL(process.argv[2]), "abc", undefined, undefined, { execute: [allowInsecureRequests] });
  console.log(found.serverMetadata().issuer);
} catch (error) {
  if (error.code !== "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED") throw error;
  console.log("refused");
}
JS

spelling() {
    case $1 in refused) echo refused ;; */) echo 'ok with' ;; *) echo 'ok without' ;; esac
}
look() {
    local path=$1 given=$2 document=$3 base=http://127.0.0.1:$port
    printf '%s' "$base${path%/}$([ "$document" = without ] || echo /)" >issuer
    local url=$base${path%/}$([ "$given" = without ] || echo /)
    echo "$path: given $given, document $document slash: $(spelling "$(node ask.mjs "$url")")"
}
{
    look / without with
    look /tenant without with
    look /tenant with without
} | tee seen

diff - seen <<'EXPECTED'
/: given without, document with slash: ok with
/tenant: given without, document with slash: refused
/tenant: given with, document without slash: refused
EXPECTED
echo 'as found'
