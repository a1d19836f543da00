// Tokens of an issuer that is none of ours: found, fetched, rotated, lost and found again.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { OAuth2Server } from "oauth2-mock-server";

import { textOf } from "./contract.mjs";
import { askStateless, bearer, lines, serveHttp, statelessRequest } from "./harness.mjs";

const audience = "https://api.example.com/mcp";

describe("an identity provider of others", () => {
  const provider = new OAuth2Server();
  let server;
  let port;

  before(async () => {
    await provider.issuer.keys.generate("RS256");
    await provider.start(0, "localhost");
    port = provider.address().port;
    process.env.MCP_AUTH_PROVIDER = "oidc";
    process.env.AUTH_ISSUER = provider.issuer.url;
    process.env.AUTH_AUDIENCE = audience;
    server = await serveHttp("profile");
  });
  after(async () => {
    await server.stop();
    if (provider.listening) await provider.stop();
  });

  const mint = (claims = {}, kid = undefined) =>
    provider.issuer.buildToken({
      kid,
      scopesOrTransform: (_, payload) =>
        Object.assign(
          payload,
          { sub: "ann", aud: audience, email: "ann@example.com", name: "Ann", roles: ["editor"] },
          claims,
        ),
    });
  const call = (token, name = "get-profile") =>
    askStateless(
      server.url,
      statelessRequest(1, "tools/call", { name, arguments: {} }),
      bearer(token),
    );
  // The status once the issuer may be asked again; until then it is 503.
  const settled = async (mintToken) => {
    for (;;) {
      const answer = await call(await mintToken());
      if (answer.status !== 503) return answer;
      assert.equal(answer.headers.get("retry-after"), "5");
      await new Promise((resume) => setTimeout(resume, 50));
    }
  };

  it("is where clients are sent", async () => {
    const metadata = await (
      await fetch(new URL("/.well-known/oauth-protected-resource/mcp", server.url))
    ).json();
    assert.deepEqual(metadata.authorization_servers, [provider.issuer.url]);
    assert.deepEqual(metadata.scopes_supported, ["data:read"]);
  });

  for (const [line, { connect }] of Object.entries(lines))
    it(`tells who is calling, through the ${line} client`, async () => {
      const token = await mint();
      const client = await connect({ url: server.url, token: () => token });
      assert.deepEqual(JSON.parse(textOf(await client.call("get-profile", {}))), {
        user_id: "ann",
        email: "ann@example.com",
        name: "Ann",
        roles: ["editor"],
      });
      await client.close();
    });

  for (const algorithm of ["ES256", "ES384", "ES512", "PS256", "RS512", "EdDSA"])
    it(`signs with ${algorithm}, by a key that was added since`, async () => {
      const { kid } = await provider.issuer.keys.generate(algorithm);
      const answer = await settled(() => mint({}, kid));
      assert.equal(answer.status, 200);
    });

  it("is believed within the leeway of its clock, and not beyond", async () => {
    const now = Math.floor(Date.now() / 1000);
    const status = async (claims) => (await call(await mint(claims))).status;
    assert.equal(await status({ iat: now + 20, nbf: now + 20 }), 200);
    assert.equal(await status({ iat: now - 3600, exp: now - 20 }), 200);
    assert.equal(await status({ nbf: now + 60 }), 401);
    assert.equal(await status({ iat: now - 3600, exp: now - 60 }), 401);
    assert.equal(await status({ aud: "https://other.example.com" }), 401);
    assert.equal(await status({ iss: "https://other.example.com" }), 401);
  });

  it("grants scopes, which are asked for where they lack", async () => {
    const refused = await call(await mint(), "fetch-data");
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get("www-authenticate"), /scope="data:read"/);
    const granted = await call(await mint({ scope: "data:read" }), "fetch-data");
    assert.equal(textOf(granted.json.result), "What belongs to ann");
  });

  it("changes its keys while it is used", async () => {
    const { kid: old } = await provider.issuer.keys.generate("RS256");
    assert.equal((await settled(() => mint({}, old))).status, 200);
    const statuses = new Set();
    const load = Array.from({ length: 8 }, async (_, worker) => {
      for (let turn = 0; turn < 40; ++turn)
        statuses.add((await call(await mint({ jti: `${worker}-${turn}` }, old))).status);
    });
    const { kid: fresh } = await provider.issuer.keys.generate("ES256");
    const answer = await settled(() => mint({}, fresh));
    await Promise.all(load);
    assert.equal(answer.status, 200);
    assert.deepEqual([...statuses], [200]);
  });

  it("may be away: what can be verified is, and the rest is not the caller's fault", async () => {
    const { kid } = await provider.issuer.keys.generate("RS256");
    assert.equal((await settled(() => mint({}, kid))).status, 200);
    const { kid: unknown } = await provider.issuer.keys.generate("RS256");
    const known = await mint({ jti: "1" }, kid);
    const signedAnew = await mint({}, unknown);
    await provider.stop();
    assert.equal((await call(known)).status, 200);
    const refused = await call(signedAnew);
    assert.equal(refused.status, 503);
    assert.equal(refused.json.error.data.code, "UNAVAILABLE");
    assert.equal(refused.headers.get("www-authenticate"), null);
    await provider.start(port, "localhost");
    assert.equal((await settled(() => mint({}, unknown))).status, 200);
  });
});
