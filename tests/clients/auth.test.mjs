// Who is let in: challenges, tokens, and how the official clients get from the one to the other.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";

import { ClientCredentialsProvider as StatelessCredentials } from "@modelcontextprotocol/client";
import { ClientCredentialsProvider as SessionCredentials } from "@modelcontextprotocol/sdk/client/auth-extensions.js";

import { textOf } from "./contract.mjs";
import {
  ask,
  askStateless,
  bearer,
  fields,
  lines,
  openSession,
  openSocket,
  post,
  request,
  serveHttp,
  statelessFields,
  statelessRequest,
} from "./harness.mjs";

// The members of a Bearer challenge (RFC 9110, section 11.6.1).
function challengeOf(response) {
  const field = response.headers.get("www-authenticate");
  assert.match(field ?? "", /^Bearer /);
  return Object.fromEntries(
    [...field.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]),
  );
}

const recode = (token, place, change) => {
  const parts = token.split(".");
  const part = JSON.parse(Buffer.from(parts[place], "base64url"));
  parts[place] = Buffer.from(JSON.stringify(change(part))).toString("base64url");
  return parts.join(".");
};

describe("authentication over HTTP", () => {
  let server;
  let other;
  before(async () => {
    server = await serveHttp("quickstart");
    other = await serveHttp("quickstart");
  });
  after(() => Promise.all([server.stop(), other.stop()]));

  // A call in each era, with whatever token.
  const eras = {
    async session(params, token, headers = {}) {
      const { url } = server;
      const session = await openSession(url);
      return ask(url, request(1, "tools/call", params), {
        ...session.headers(null),
        ...bearer(token),
        ...headers,
      });
    },
    stateless: (params, token, headers = {}) =>
      askStateless(server.url, statelessRequest(1, "tools/call", params), {
        ...bearer(token),
        ...headers,
      }),
  };
  const fetchRecord = { name: "fetch", arguments: { id: "r-1" } };
  const status = { name: "status" };

  for (const [era, call] of Object.entries(eras)) {
    it(`${era}: says where to get a token, and lets in who has one`, async () => {
      const refused = await call(fetchRecord);
      assert.equal(refused.status, 401);
      assert.equal(refused.json.id, 1);
      const challenge = challengeOf(refused);
      assert.equal(challenge.error, undefined);
      assert.equal(challenge.scope, "records:read");

      const found = await fetch(challenge.resource_metadata);
      assert.equal(found.status, 200);
      assert.match(found.headers.get("content-type"), /^application\/json/);
      const resource = await found.json();
      assert.equal(resource.resource, server.url);
      assert.deepEqual(resource.authorization_servers, ["https://issuer.example"]);
      assert.deepEqual(resource.scopes_supported, ["records:read"]);
      assert.deepEqual(resource.bearer_methods_supported, ["header"]);
      assert.equal(resource.resource_name, "quickstart");

      const granted = await call(fetchRecord, server.token);
      assert.equal(granted.status, 200);
      assert.equal(granted.json.result.structuredContent.owner, "alice");
    });

    it(`${era}: refuses a bad token whatever it is shown for`, async () => {
      const { token } = server;
      const [head, body, signature] = token.split(".");
      const hs256 = (key) => {
        const text = `${Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString("base64url")}.${body}`;
        return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
      };
      const later = (claims) => ({ ...claims, exp: claims.exp + 86400 });
      const bad = {
        garbage: "garbage",
        "another server's": other.token,
        "without its signature": `${head}.${body}.`,
        "without its third part": `${head}.${body}`,
        "with a fourth part": `${token}.${signature}`,
        "with more claims": recode(token, 1, (claims) => ({ ...claims, scope: "all" })),
        "with a longer life": recode(token, 1, later),
        "for somebody else": recode(token, 1, (claims) => ({ ...claims, sub: "bob" })),
        "signed by none": `${recode(token, 0, (all) => ({ ...all, alg: "none" }))
          .split(".", 2)
          .join(".")}.`,
        "signed by an empty secret": hs256(""),
        "signed by the key's name": hs256(JSON.parse(Buffer.from(head, "base64url")).kid),
        "of another key": recode(token, 0, (all) => ({ ...all, kid: "../../etc/passwd" })),
        "with its own key": recode(token, 0, (all) => ({ ...all, jwk: { kty: "oct", k: "" } })),
        "very long": "a".repeat(20000),
      };
      for (const [what, wrong] of Object.entries(bad)) {
        const refused = await call(status, wrong);
        assert.equal(refused.status, 401, what);
        assert.equal(challengeOf(refused).error, "invalid_token", what);
        assert.ok(challengeOf(refused).resource_metadata, what);
        // More than this is for the log alone.
        assert.match(
          refused.json.error.message,
          /^The access token (is malformed or expired|was not issued for this server)$/,
        );
      }
      assert.equal((await call(status)).status, 200);
      assert.equal((await call(status, token)).status, 200);
    });
  }

  it("reads the Authorization field strictly, and nothing but it", async () => {
    const { url, token } = server;
    const body = statelessRequest(1, "tools/call", fetchRecord);
    for (const field of [
      "Bearer",
      "Bearer ",
      `Bearer ${token} x`,
      `Bearer ${token},`,
      "Basic YWxpY2U6c2VjcmV0",
      `DPoP ${token}`,
      `${token}`,
    ]) {
      const refused = await askStateless(url, body, { Authorization: field });
      assert.ok([400, 401].includes(refused.status), `${field}: ${refused.status}`);
      challengeOf(refused);
    }
    assert.equal((await askStateless(url, body, { Authorization: `bearer ${token}` })).status, 200);

    // RFC 6750, section 2.3, is not served, and over HTTP a message's own token is not looked at.
    const inQuery = await ask(`${url}?access_token=${token}`, body, statelessFields(body));
    assert.equal(inQuery.status, 401);
    const inMeta = statelessRequest(1, "tools/call", {
      ...fetchRecord,
      _meta: { authorization: { type: "bearer", token } },
    });
    assert.equal((await askStateless(url, inMeta)).status, 401);
  });

  it("takes one Authorization field, not two", async (t) => {
    const { url, token } = server;
    const { port, pathname } = new URL(url);
    const body = JSON.stringify(statelessRequest(1, "tools/call", status));
    const peer = await openSocket(t, url);
    const head = Object.entries({
      ...fields,
      ...statelessFields(JSON.parse(body)),
      "Content-Length": body.length,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const twice = `Authorization: Bearer ${token}\r\n`.repeat(2);
    peer.socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${head.join("")}${twice}\r\n${body}`,
    );
    const [, code] = await peer.until(/^HTTP\/1\.1 (\d+)/);
    assert.ok(["400", "401"].includes(code), code);
  });

  it("looks at a token before it looks at what was sent", async () => {
    for (const body of ["{", "[]", '{"jsonrpc":"2.0","id":1,"method":"no/such"}']) {
      const refused = await ask(server.url, body, bearer("garbage"));
      assert.equal(refused.status, 401);
    }
    assert.equal((await fetch(server.url, { headers: bearer("garbage") })).status, 401);
    const end = await fetch(server.url, { method: "DELETE", headers: bearer("garbage") });
    assert.equal(end.status, 401);
  });

  it("serves the resource's metadata at both places, for GET and HEAD alone", async () => {
    const { origin, pathname } = new URL(server.url);
    const wellKnown = `${origin}/.well-known/oauth-protected-resource`;
    const texts = [];
    for (const place of [wellKnown, wellKnown + pathname]) {
      const found = await fetch(place);
      assert.equal(found.status, 200, place);
      texts.push(await found.text());
      const head = await fetch(place, { method: "HEAD" });
      assert.equal(head.status, 200);
      assert.equal(await head.text(), "");
      assert.equal((await fetch(place, { method: "POST" })).status, 405);
    }
    assert.equal(texts[0], texts[1]);
    assert.equal((await fetch(`${wellKnown}/other`)).status, 404);
  });

  it("names itself by its own address, whatever Host it is called by", async () => {
    const { port } = new URL(server.url);
    const found = await fetch(`http://localhost:${port}/.well-known/oauth-protected-resource/mcp`);
    assert.equal((await found.json()).resource, server.url);
    const refused = await askStateless(
      `http://localhost:${port}/mcp`,
      statelessRequest(1, "tools/call", fetchRecord),
    );
    assert.ok(challengeOf(refused).resource_metadata.startsWith(new URL(server.url).origin));
  });

  it("keeps tokens out of its log", async () => {
    const forged = recode(server.token, 1, (claims) => ({ ...claims, sub: "mallory" }));
    await askStateless(server.url, statelessRequest(1, "tools/call", status), bearer(forged));
    const log = server.said.filter((line) => !line.startsWith("development token:")).join("\n");
    for (const token of [forged, server.token])
      for (const part of token.split(".").slice(1)) assert.ok(!log.includes(part));
  });

  it("has nothing to say of tokens where everybody is let in", async () => {
    const open = await serveHttp("everything");
    try {
      const { origin } = new URL(open.url);
      const found = await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`);
      assert.equal(found.status, 404);
    } finally {
      await open.stop();
    }
  });
});

// The clients' own OAuth code against our challenge and metadata. Only the authorization server is
// played, by the fetch that the clients are given.
describe("the official clients' way from a 401 to a token", () => {
  let server;
  before(async () => (server = await serveHttp("quickstart")));
  after(() => server.stop());

  function authorizationServer(issued) {
    const asked = [];
    const json = (value) =>
      new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
    const issuer = "https://issuer.example";
    return {
      asked,
      fetch: async (input, init) => {
        const url = new URL(input);
        if (url.origin !== issuer) return fetch(input, init);
        if (url.pathname.startsWith("/.well-known/"))
          return json({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            response_types_supported: ["code"],
            grant_types_supported: ["client_credentials"],
            code_challenge_methods_supported: ["S256"],
            token_endpoint_auth_methods_supported: ["client_secret_basic"],
          });
        assert.equal(url.pathname, "/token");
        asked.push(Object.fromEntries(new URLSearchParams(init.body)));
        return json({ access_token: issued(), token_type: "Bearer", expires_in: 3600 });
      },
    };
  }

  const settings = {
    clientId: "tests",
    clientSecret: "secret",
    expectedIssuer: "https://issuer.example",
  };
  for (const [line, Provider] of [
    [lines.session, SessionCredentials],
    [lines.stateless, StatelessCredentials],
  ]) {
    it(`${line.name} gets one where the metadata says, and calls again`, async () => {
      const issuer = authorizationServer(() => server.token);
      const client = await line.connect({
        url: server.url,
        fetch: issuer.fetch,
        authProvider: new Provider(settings),
      });
      // Nothing was asked of anybody as long as nothing was refused.
      assert.equal(textOf(await client.call("status")), "up");
      assert.equal(issuer.asked.length, 0);
      const result = await client.call("fetch", { id: "r-1" });
      assert.equal(result.structuredContent.owner, "alice");
      assert.equal(issuer.asked.length, 1);
      assert.equal(issuer.asked[0].grant_type, "client_credentials");
      assert.equal(issuer.asked[0].resource, server.url);
      // The older client leaves the scopes of a challenge to users who sign in.
      if (line === lines.stateless) assert.equal(issuer.asked[0].scope, "records:read");
      assert.equal((await client.call("fetch", { id: "r-1" })).isError ?? false, false);
      assert.equal(issuer.asked.length, 1);
      await client.close();
    });

    it(`${line.name} gives up where the new token is no better`, async () => {
      const issuer = authorizationServer(() => "garbage");
      const client = await line.connect({
        url: server.url,
        fetch: issuer.fetch,
        authProvider: new Provider(settings),
      });
      await assert.rejects(client.call("fetch", { id: "r-1" }), /401|unauthorized/i);
      await client.close();
    });
  }

  it("the stateless client's short way: a token, and what to do when it is refused", async () => {
    let token;
    let metadata;
    const client = await lines.stateless.connect({
      url: server.url,
      authProvider: {
        token: async () => token,
        async onUnauthorized({ response }) {
          metadata = await (await fetch(challengeOf(response).resource_metadata)).json();
          token = server.token;
        },
      },
    });
    const result = await client.call("fetch", { id: "r-1" });
    assert.equal(result.structuredContent.owner, "alice");
    assert.equal(metadata.resource, server.url);
    await client.close();
  });
});

describe("who may call at all", () => {
  let server;
  before(async () => (server = await serveHttp("everything", "--origin", "https://app.example")));
  after(() => server.stop());
  const body = statelessRequest(1, "tools/list");

  it("answers to its own names alone", async (t) => {
    const { port, pathname } = new URL(server.url);
    for (const [host, code] of [
      [`127.0.0.1:${port}`, "200"],
      [`localhost:${port}`, "200"],
      ["evil.example", "403"],
      [`evil.example:${port}`, "403"],
      [`127.0.0.1.evil.example:${port}`, "403"],
    ]) {
      const peer = await openSocket(t, server.url);
      const text = JSON.stringify(body);
      const head = Object.entries({
        ...fields,
        ...statelessFields(body),
        "Content-Length": text.length,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      peer.socket.write(
        `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${head.join("")}\r\n${text}`,
      );
      assert.equal((await peer.until(/^HTTP\/1\.1 (\d+)/))[1], code, host);
    }
  });

  it("lets pages of its own list call, and no others", async () => {
    const call = (origin) => askStateless(server.url, body, { Origin: origin });
    const allowed = await call("https://app.example");
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers.get("access-control-allow-origin"), "https://app.example");
    for (const origin of ["https://evil.example", "null", "https://app.example.evil.example"]) {
      const refused = await call(origin);
      assert.equal(refused.status, 403, origin);
      assert.equal(refused.headers.get("access-control-allow-origin"), null);
    }
    const preflight = await fetch(server.url, {
      method: "OPTIONS",
      headers: {
        Origin: "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, mcp-param-region, x-evil",
      },
    });
    assert.equal(preflight.status, 204);
    const headers = preflight.headers.get("access-control-allow-headers");
    assert.match(headers, /authorization/i);
    assert.match(headers, /mcp-param-region/i);
    assert.doesNotMatch(headers, /x-evil/i);
  });

  it("takes JSON alone, and says what it accepts", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
      const refused = await post(server.url, body, { "Content-Type": type });
      assert.equal(refused.status, 415, type);
    }
    const picky = await post(server.url, body, { Accept: "text/html" });
    assert.equal(picky.status, 406);
    for (const method of ["PUT", "PATCH"]) {
      const refused = await fetch(server.url, { method });
      assert.equal(refused.status, 405, method);
      assert.match(refused.headers.get("allow"), /POST/);
    }
    assert.equal((await fetch(new URL("/other", server.url))).status, 404);
  });
});
