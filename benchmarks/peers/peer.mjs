// What the peers share: their arguments, and the check of a token. A peer is a server of one tool, `add`,
// written as its library's own documentation says, at /mcp on a port of 127.0.0.1 that it prints:
//
//     node PEER.mjs [--jwt KEY.pem ISSUER AUDIENCE]
//
// With --jwt each request needs a bearer token, signed with RS256 by the private half of KEY.pem.
// SPDX-License-Identifier: BSL-1.0

import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { parseArgs } from "node:util";

import { jwtVerify } from "jose";

const { values, positionals } = parseArgs({
  options: { jwt: { type: "boolean" } },
  allowPositionals: true,
});
if (positionals.length !== (values.jwt ? 3 : 0)) {
  console.error(`usage: node ${process.argv[1]} [--jwt KEY.pem ISSUER AUDIENCE]`);
  process.exit(2);
}
const [file, issuer, audience] = positionals;

/// The issuer of the tokens, or undefined where requests need none.
export { issuer };

/// The claims of a token; throws what jose throws if it is not good.
export const verify = (() => {
  if (!file) return undefined;
  const key = createPublicKey(readFileSync(file));
  const checks = { issuer, audience, algorithms: ["RS256"], requiredClaims: ["exp", "sub"] };
  return async (token) => (await jwtVerify(token, key, checks)).payload;
})();

/// What the official libraries call a verified token.
export const authInfo = (token, claims) => ({
  token,
  clientId: claims.client_id ?? claims.sub,
  scopes: claims.scope?.split(" ") ?? [],
  expiresAt: claims.exp,
});

/// A port that was free a moment ago, for libraries that do not say which one they got.
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/// Tells the benchmark that the server is ready.
export const ready = (port) => console.log(`listening on ${port}`);
