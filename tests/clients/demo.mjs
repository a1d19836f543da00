// The official client of the 2026-07-28 revision, as scripts/demo runs it:
//
//     node demo.mjs URL TOKEN
//
// SPDX-License-Identifier: BSL-1.0

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const [url, token] = process.argv.slice(2);
const client = new Client(
  { name: "sesame-demo", version: "1.0.0" },
  { versionNegotiation: { mode: "auto" } },
);
await client.connect(
  new StreamableHTTPClientTransport(new URL(url), { authProvider: { token: async () => token } }),
);
const { tools } = await client.listTools();
console.log(`tools:  ${tools.map((tool) => tool.name).join(", ")}`);
const answer = await client.callTool({ name: "fetch", arguments: { id: "r-1" } });
console.log(`fetch:  ${JSON.stringify(answer.structuredContent)}`);
await client.close();
if (answer.isError || answer.structuredContent?.id !== "r-1") process.exit(1);
