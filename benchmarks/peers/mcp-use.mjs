// The npm package `mcp-use` (2026-07-28, and without sessions the revisions before).
// SPDX-License-Identifier: BSL-1.0

import { MCPServer } from "mcp-use";
import { OAuthError, OAuthErrorCode, oauthCustomProvider } from "mcp-use/oauth";
import { z } from "zod";

import { authInfo, issuer, ready, verify } from "./peer.mjs";

// Else it would tell its makers how it is used, and leave a file in the working directory.
process.env.MCP_USE_ANONYMIZED_TELEMETRY = "false";

// Its own verifier of JWTs takes no public key but one that it fetches.
const createTokenVerifier = (resource) => ({
  async verifyAccessToken(token) {
    try {
      const claims = await verify(token);
      return { ...authInfo(token, claims), resource, extra: { claims } };
    } catch (error) {
      throw new OAuthError(OAuthErrorCode.InvalidToken, error.message);
    }
  },
});

const mapAuthInfo = ({ extra }) => ({
  user: { id: extra.claims.sub },
  payload: extra.claims,
  permissions: [],
});

const server = new MCPServer({
  name: "bench",
  version: "1",
  logging: { enabled: false },
  skills: false,
  ...(verify && {
    oauth: oauthCustomProvider({ createTokenVerifier, oauthMetadata: { issuer }, mapAuthInfo }),
  }),
});
server.tool(
  { name: "add", description: "Adds", inputSchema: z.object({ a: z.int32(), b: z.int32() }) },
  async ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
);
ready((await server.listen(0)).port);
