// The official TypeScript SDK, line 1 (revisions with sessions), stateless and with JSON responses, on the
// Express application that it makes.
// SPDX-License-Identifier: BSL-1.0

import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

import { authInfo, ready, verify } from "./peer.mjs";

const addends = { a: z.int32(), b: z.int32() };

function makeServer() {
  const server = new McpServer({ name: "bench", version: "1" });
  server.registerTool("add", { description: "Adds", inputSchema: addends }, ({ a, b }) => ({
    content: [{ type: "text", text: String(a + b) }],
  }));
  return server;
}

const verifier = {
  async verifyAccessToken(token) {
    try {
      return authInfo(token, await verify(token));
    } catch (error) {
      throw new InvalidTokenError(error.message);
    }
  },
};

const app = createMcpExpressApp();
if (verify) app.use("/mcp", requireBearerAuth({ verifier }));
// Without sessions this line demands a server and a transport for each request.
app.post("/mcp", async (request, response) => {
  const server = makeServer();
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    enableJsonResponse: true,
  });
  response.on("close", () => {
    transport.close();
    server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
});
const listener = app.listen(0, "127.0.0.1", () => ready(listener.address().port));
