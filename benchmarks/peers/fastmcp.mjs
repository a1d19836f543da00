// The npm package `fastmcp` (revisions with sessions), stateless and with JSON responses.
// SPDX-License-Identifier: BSL-1.0

import { FastMCP } from "fastmcp";
import { z } from "zod";

import { freePort, ready, verify } from "./peer.mjs";

const bearer = /^Bearer (\S+)$/i;

async function authenticate(request) {
  try {
    return { claims: await verify(bearer.exec(request.headers.authorization)[1]) };
  } catch {
    throw new Response(null, { status: 401, headers: { "WWW-Authenticate": "Bearer" } });
  }
}

const server = new FastMCP({
  name: "bench",
  version: "1.0.0",
  logger: { debug() {}, error() {}, info() {}, log() {}, warn() {} },
  ...(verify && { authenticate }),
});
server.addTool({
  name: "add",
  description: "Adds",
  parameters: z.object({ a: z.int32(), b: z.int32() }),
  execute: async ({ a, b }) => String(a + b),
});
const port = await freePort();
await server.start({
  transportType: "httpStream",
  httpStream: { host: "127.0.0.1", port, stateless: true, enableJsonResponse: true },
});
ready(port);
