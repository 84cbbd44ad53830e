#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2, @ai-sdk/mcp 2.0.99, mcp-remote 0.15.1 (npm, Node.js 20), mcp 2.3.0 and fastmcp 4.1.6
# (PyPI): clients of the Model Context Protocol at a server that names a user pool as its authorization server. The app
# client is given to each. Server and pool are played here, with the discovery document that Cognito has: four scopes,
# `openid email phone profile`, and nothing about PKCE, which it supports.
#
# Guess: each of them finds the document under the issuer's path, sends a code challenge, and asks for the scopes that
#   the server's own metadata names; if it names none, the request has no scope, for which Cognito gives all that the app
#   client has. So the app client needs the scopes of its resource server and no other.
# Behaviour: @ai-sdk/mcp refuses every user pool, since the document does not list S256. If the server names no scope,
#   three of the others ask for the four of the document, and Cognito refuses a request for a scope that the app client
#   does not have: without `phone` in `AllowedOAuthScopes`, for instance, the sign-in fails as a whole. None
#   of them asks for a scope of a resource server then. With a scope in the server's metadata all four ask for that one
#   alone, so that is where to put it. Seen on the way: fastmcp comes back to another port in each run, and Cognito
#   compares `CallbackURLs` with the port, so `callback_port` has to be set; mcp-remote keeps one for one server.
# Output seen (the scopes asked for, if the server's metadata names none; if it names `api/read`):
#   @modelcontextprotocol/sdk: no scope; api/read
#   @ai-sdk/mcp: refused (does not support S256); refused (does not support S256)
#   mcp-remote: openid email phone profile; api/read
#   mcp: openid email phone profile; api/read
#   fastmcp: openid email phone profile; api/read
#   mcp-remote comes back to: http://localhost:PORT/oauth/callback, the same port
#   fastmcp comes back to: http://localhost:PORT/callback, another port
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 @ai-sdk/mcp@2.0.99 mcp-remote@0.15.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check mcp==2.3.0 fastmcp==4.1.6

cat >clients.mjs <<'JS'
import * as aiSdk from "@ai-sdk/mcp";
import * as sdk from "@modelcontextprotocol/sdk/client/auth.js";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import http from "node:http";

const CLIENT = "1example23456789";
const POOL = "/eu-west-1_a1B2c3D4E";
const BACK = "http://localhost:3000/callback";

/** The server and its pool: `names` are the scopes in the server's metadata. */
const service = http.createServer((request, response) => {
  const here = `http://${request.headers.host}`;
  const send = (status, body, headers = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  const metadata = "/.well-known/oauth-protected-resource/mcp";
  if (request.url === "/mcp") send(401, {}, { "www-authenticate": `Bearer resource_metadata="${here}${metadata}"` });
  else if (request.url === metadata)
    send(200, { resource: `${here}/mcp`, authorization_servers: [`${here}${POOL}`], ...service.names });
  else if (request.url === `${POOL}/.well-known/openid-configuration`)
    send(200, {
      authorization_endpoint: `${here}/oauth2/authorize`,
      end_session_endpoint: `${here}/logout`,
      id_token_signing_alg_values_supported: ["RS256"],
      issuer: `${here}${POOL}`,
      jwks_uri: `${here}${POOL}/.well-known/jwks.json`,
      response_types_supported: ["code", "token"],
      revocation_endpoint: `${here}/oauth2/revoke`,
      scopes_supported: ["openid", "email", "phone", "profile"],
      subject_types_supported: ["public"],
      token_endpoint: `${here}/oauth2/token`,
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      userinfo_endpoint: `${here}/oauth2/userInfo`,
    });
  else send(404, { message: "Not Found" });
});
const inProcess = (library) => async (serverUrl) => {
  let asked;
  const provider = {
    redirectUrl: BACK,
    clientMetadata: { redirect_uris: [BACK], client_name: "example" },
    clientInformation: () => ({ client_id: CLIENT }),
    tokens: () => undefined,
    saveTokens() {},
    state: () => "state",
    saveCodeVerifier() {},
    codeVerifier: () => "v".repeat(43),
    redirectToAuthorization: (url) => (asked = url),
  };
  await library.auth(provider, { serverUrl });
  return asked;
};
/** Starts a program and ends it once it has written the address of the sign-in. */
const program = (command, ...rest) => (serverUrl) =>
  new Promise((found, failed) => {
    const home = `${process.cwd()}/home`;
    mkdirSync(home, { recursive: true });
    const env = { PATH: process.env.PATH, HOME: home, MCP_REMOTE_CONFIG_DIR: `${home}/${Math.random()}` };
    const child = spawn(command, rest.map((part) => part.replace("URL", serverUrl)), { env });
    let text = "";
    const read = (part) => {
      text += part;
      const address = /(http:\S+\/oauth2\/authorize\?\S+)\s/.exec(text)?.[1];
      if (address) found(new URL(address)), child.kill();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("close", () => failed(new Error(text)));
  });
const given = JSON.stringify({ client_id: CLIENT });
const remote = ["URL", "--allow-http", "--transport", "http-only", "--static-oauth-client-info", given];
const clients = {
  "@modelcontextprotocol/sdk": inProcess(sdk),
  "@ai-sdk/mcp": inProcess(aiSdk),
  "mcp-remote": program("node_modules/.bin/mcp-remote", ...remote),
  mcp: program("env/bin/python", "clients.py", "mcp", "URL"),
  fastmcp: program("env/bin/python", "clients.py", "fastmcp", "URL"),
};
const backs = {};

service.listen(0, "127.0.0.1", async () => {
  for (const [name, ask] of Object.entries(clients)) {
    const seen = [];
    for (const names of [{}, { scopes_supported: ["api/read"] }]) {
      service.names = names;
      try {
        const { searchParams } = await ask(`http://127.0.0.1:${service.address().port}/mcp`);
        if (searchParams.get("code_challenge_method") !== "S256") throw new Error("no code challenge");
        seen.push(searchParams.get("scope") ?? "no scope");
        (backs[name] ??= []).push(new URL(searchParams.get("redirect_uri")));
      } catch (error) {
        if (!/does not support S256/.test(error.message)) throw error;
        seen.push("refused (does not support S256)");
      }
    }
    console.log(`${name}: ${seen.join("; ")}`);
  }
  for (const name of ["mcp-remote", "fastmcp"]) {
    const [one, two] = backs[name];
    const port = one.port === two.port ? "the same port" : "another port";
    console.log(`${name} comes back to: http://${one.hostname}:PORT${one.pathname}, ${port}`);
  }
  service.closeAllConnections();
  service.close();
});
JS
cat >clients.py <<'PY'
import asyncio
import sys

KIND, URL = sys.argv[1:]
CLIENT, BACK = "1example23456789", "http://localhost:3000/callback"


async def show(address):
    print(address, flush=True)
    await asyncio.sleep(60)


async def with_mcp():
    import httpx2
    from mcp.client.auth import OAuthClientProvider
    from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata

    class Store:
        async def get_tokens(self):
            return None

        async def get_client_info(self):
            return OAuthClientInformationFull(client_id=CLIENT, redirect_uris=[BACK])

        async def set_client_info(self, _):
            pass

    metadata = OAuthClientMetadata(redirect_uris=[BACK], client_name="example")
    provider = OAuthClientProvider(URL, metadata, Store(), redirect_handler=show, callback_handler=show)
    async with httpx2.AsyncClient(auth=provider) as client:
        await client.get(URL)


async def with_fastmcp():
    import fastmcp
    from fastmcp.client.auth import OAuth

    class Shown(OAuth):
        async def redirect_handler(self, address):
            await show(address)

    async with fastmcp.Client(URL, auth=Shown(client_id=CLIENT)):
        pass


asyncio.run(with_mcp() if KIND == "mcp" else with_fastmcp())
PY
timeout 300 node clients.mjs 2>said | tee seen || { tail -5 said; exit 1; }

diff - seen <<'EXPECTED'
@modelcontextprotocol/sdk: no scope; api/read
@ai-sdk/mcp: refused (does not support S256); refused (does not support S256)
mcp-remote: openid email phone profile; api/read
mcp: openid email phone profile; api/read
fastmcp: openid email phone profile; api/read
mcp-remote comes back to: http://localhost:PORT/oauth/callback, the same port
fastmcp comes back to: http://localhost:PORT/callback, another port
EXPECTED
echo 'as found'
