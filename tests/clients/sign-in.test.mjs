// The whole way from a refusal to an answer: both official clients register with an authorization
// server (oidc-provider), its user signs in and consents, and the token that comes of it is taken.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";

import { ClientCredentialsProvider as StatelessCredentials } from "@modelcontextprotocol/client";
import { ClientCredentialsProvider as SessionCredentials } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import Provider from "oidc-provider";

import { textOf } from "./contract.mjs";
import { askStateless, bearer, lines, serveHttp, statelessRequest } from "./harness.mjs";

const audience = "https://api.example.com/mcp";
const callback = "http://localhost:1/callback";
const users = {
  ann: { email: "ann@example.com", name: "Ann", roles: ["editor"] },
  bob: { email: "bob@example.com", name: "Bob", roles: [] },
};
const robot = {
  clientId: "robot",
  clientSecret: "of iron, and thirty-two bytes or more",
  scope: "data:read",
};
const keys = [
  ["EdDSA", generateKeyPairSync("ed25519")],
  ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 })],
].map(([alg, { privateKey }]) => ({
  ...privateKey.export({ format: "jwk" }),
  alg,
  use: "sig",
  kid: `signs-${alg}`,
}));

// The authorization server. `algorithm` signs the tokens that it issues from then on.
async function authorizationServer() {
  const http = createServer();
  http.listen(0, "localhost");
  await once(http, "listening");
  const issuer = `http://localhost:${http.address().port}`;
  const own = { issuer, algorithm: "ES256" };
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [
      {
        client_id: robot.clientId,
        client_secret: robot.clientSecret,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ["openid", "offline_access", "data:read"],
    clientBasedCORS: () => true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...users[id] }) }),
    extraTokenClaims: (_, token) => users[token.accountId],
    features: {
      clientCredentials: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "data:read",
          audience,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: own.algorithm } },
        }),
      },
    },
  });
  http.on("request", provider.callback());
  own.stop = () => {
    http.closeAllConnections();
    http.close();
  };
  return own;
}

// What a browser does that is sent to `url`, where `login` signs in and consents: gives the query of
// the address at which it leaves for the client.
async function signIn(url, login) {
  const cookies = new Map();
  let next = new URL(url);
  let body;
  for (let step = 0; step < 20; ++step) {
    const answer = await fetch(next, {
      method: body ? "POST" : "GET",
      body,
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const field of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(field);
      cookies.set(name, value);
    }
    const page = await answer.text();
    body = undefined;
    if (answer.status >= 300 && answer.status < 400) {
      next = new URL(answer.headers.get("location"), next);
      if (next.href.startsWith(callback)) return next.searchParams;
      continue;
    }
    assert.equal(answer.status, 200, page);
    next = new URL(/<form[^>]* action="([^"]+)"/.exec(page)[1], next);
    body = new URLSearchParams(
      page.includes('value="login"')
        ? { prompt: "login", login, password: "any" }
        : { prompt: "consent" },
    );
  }
  assert.fail("the sign-in does not end");
}

// What an official client keeps of an authorization. `scope`: to ask for where nobody says which.
function account(scope) {
  const kept = {};
  return {
    kept,
    redirectUrl: callback,
    clientMetadata: {
      client_name: "tests",
      redirect_uris: [callback],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      scope,
    },
    state: () => "state",
    clientInformation: () => kept.client,
    saveClientInformation: (client) => void (kept.client = client),
    tokens: () => kept.tokens,
    saveTokens: (tokens) => void (kept.tokens = tokens),
    codeVerifier: () => kept.verifier,
    saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
    redirectToAuthorization: (url) => void (kept.url = url),
    discoveryState: () => kept.discovery,
    saveDiscoveryState: (discovery) => void (kept.discovery = discovery),
  };
}

describe("signing in", () => {
  let issuer;
  let server;
  before(async () => {
    issuer = await authorizationServer();
    process.env.MCP_AUTH_PROVIDER = "oidc";
    process.env.AUTH_ISSUER = issuer.issuer;
    process.env.AUTH_AUDIENCE = audience;
    server = await serveHttp("profile");
  });
  after(async () => {
    await server.stop();
    issuer.stop();
  });

  // Signs in as `login`; gives a client that is connected, and what it keeps.
  async function signedIn({ connect }, login, { scope, ...settings } = {}) {
    const authProvider = account(scope);
    const client = await connect({ url: server.url, authProvider, ...settings });
    await assert.rejects(client.call("get-profile", {}), /Unauthorized/);
    const query = await signIn(authProvider.kept.url, login);
    await client.transport.finishAuth(query.get("code"), query.get("iss"));
    return { client, kept: authProvider.kept };
  }
  const call = (token, name = "get-profile") =>
    askStateless(
      server.url,
      statelessRequest(1, "tools/call", { name, arguments: {} }),
      bearer(token),
    );

  for (const [name, line] of Object.entries(lines))
    for (const algorithm of keys.map(({ alg }) => alg))
      it(`from the refusal to the answer, with the ${name} client and ${algorithm}`, async () => {
        issuer.algorithm = algorithm;
        for (const [login, user] of Object.entries(users)) {
          const { client, kept } = await signedIn(line, login);
          assert.equal(kept.url.searchParams.get("resource"), server.url);
          assert.match(kept.url.searchParams.get("scope"), /^data:read\b/);
          assert.deepEqual(JSON.parse(textOf(await client.call("get-profile", {}))), {
            user_id: login,
            ...user,
          });
          assert.equal(
            textOf(await client.call("fetch-data", {})),
            `What belongs to ${login}`,
          );
          await client.close();
        }
      });

  for (const [name, line] of Object.entries(lines))
    it(`without a user: the ${name} client's own credentials`, async () => {
      const Credentials = { session: SessionCredentials, stateless: StatelessCredentials }[name];
      const client = await line.connect({ url: server.url, authProvider: new Credentials({ ...robot, expectedIssuer: issuer.issuer }) });
      assert.equal(textOf(await client.call("fetch-data", {})), "What belongs to robot");
      await client.close();
    });

  it("a token that is bound to a key is for who holds the key", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const coded = (value) => Buffer.from(value).toString("base64url");
    const prove = (htu, token) => {
      const jwk = publicKey.export({ format: "jwk" });
      const header = coded(JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk }));
      const payload = coded(
        JSON.stringify({
          jti: randomUUID(),
          htm: "POST",
          htu,
          iat: Math.floor(Date.now() / 1000),
          ath: token && createHash("sha256").update(token).digest("base64url"),
        }),
      );
      const signature = sign("sha256", Buffer.from(`${header}.${payload}`), {
        key: privateKey,
        dsaEncoding: "ieee-p1363",
      });
      return `${header}.${payload}.${coded(signature)}`;
    };
    const { token_endpoint } = await (
      await fetch(`${issuer.issuer}/.well-known/openid-configuration`)
    ).json();
    const answer = await fetch(token_endpoint, {
      method: "POST",
      headers: {
        dpop: prove(token_endpoint),
        authorization: `Basic ${btoa(`${robot.clientId}:${encodeURIComponent(robot.clientSecret)}`)}`,
      },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "data:read" }),
    });
    const { access_token: token, token_type } = await answer.json();
    assert.equal(token_type, "DPoP");
    const present = (headers) =>
      askStateless(
        server.url,
        statelessRequest(1, "tools/call", { name: "fetch-data", arguments: {} }),
        headers,
      );
    const own = { authorization: `DPoP ${token}`, dpop: prove(server.url, token) };
    assert.equal(textOf((await present(own)).json.result), "What belongs to robot");
    assert.equal((await present(own)).status, 401);
    const stolen = await present(bearer(token));
    assert.equal(stolen.json.error.data.code, "INVALID_DPOP_PROOF");
    assert.match(stolen.headers.get("www-authenticate"), /DPoP .*algs="ES256/);
  });

  it("a client of 2025-03-26 finds the authorization server by this one", async () => {
    const asked = [];
    // Which knows nothing of the resource's metadata.
    const old = (url, init) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      return pathname.startsWith("/.well-known/oauth-protected-resource")
        ? new Response(null, { status: 404 })
        : fetch(url, init);
    };
    const { client, kept } = await signedIn(lines.session, "ann", {
      fetch: old,
      scope: "openid data:read",
    });
    assert.ok(asked.includes("/.well-known/oauth-authorization-server"), asked.join(" "));
    assert.equal(textOf(await client.call("fetch-data", {})), "What belongs to ann");
    // An ID token tells the client who signed in, and opens nothing.
    assert.equal((await call(kept.tokens.access_token)).status, 200);
    assert.match(kept.tokens.id_token, /^ey/);
    assert.equal((await call(kept.tokens.id_token)).status, 401);
    await client.close();
  });
});
