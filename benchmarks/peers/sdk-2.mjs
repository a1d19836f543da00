// The official TypeScript SDK, line 2 (2026-07-28, and without sessions the revisions before), on Node's own
// HTTP server. Its answers to 2026-07-28 are JSON, as the tool sends nothing before its result.
// SPDX-License-Identifier: BSL-1.0

import { createServer } from "node:http";

import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from "@modelcontextprotocol/node";
import {
  McpServer,
  OAuthError,
  OAuthErrorCode,
  createMcpHandler,
  requireBearerAuth,
} from "@modelcontextprotocol/server";
import { z } from "zod";

import { authInfo, ready, verify } from "./peer.mjs";

const inputSchema = z.object({ a: z.int32(), b: z.int32() });

const endpoint = createMcpHandler(() => {
  const server = new McpServer({ name: "bench", version: "1" });
  server.registerTool("add", { description: "Adds", inputSchema }, ({ a, b }) => ({
    content: [{ type: "text", text: String(a + b) }],
  }));
  return server;
});

const verifier = {
  async verifyAccessToken(token) {
    try {
      return authInfo(token, await verify(token));
    } catch (error) {
      throw new OAuthError(OAuthErrorCode.InvalidToken, error.message);
    }
  },
};

const gate = requireBearerAuth({ verifier });
const guarded = {
  async fetch(request, options) {
    const caller = await gate(request);
    return caller instanceof Response
      ? caller
      : endpoint.fetch(request, { ...options, authInfo: caller });
  },
};

const isHostGood = localhostHostValidation();
const isOriginGood = localhostOriginValidation();
const handle = toNodeHandler(verify ? guarded : endpoint);
const listener = createServer((request, response) => {
  if (!isHostGood(request, response) || !isOriginGood(request, response)) return;
  if (request.url === "/mcp") handle(request, response);
  else response.writeHead(404).end();
}).listen(0, "127.0.0.1", () => ready(listener.address().port));
