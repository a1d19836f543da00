// Services that differ in whom they let in, and how they know: through both official clients.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { textOf } from "./contract.mjs";
import { lines, serveHttp } from "./harness.mjs";

describe("callers", () => {
  let server;
  const tokens = { partner: "partner-token" };
  before(async () => {
    server = await serveHttp("callers");
    for (const line of server.said) {
      const [, role, token] = /^token of an (\w+): (\S+)$/.exec(line) ?? [];
      if (role) tokens[role] = token;
    }
  });
  after(() => server.stop());

  for (const [name, { connect }] of Object.entries(lines)) {
    // What a tool says to whoever has this token, or the status of the refusal.
    const ask = async (who, tool) => {
      const client = await connect({ url: server.url, token: who && (() => tokens[who]) });
      try {
        return textOf(await client.call(tool, {}));
      } catch (refused) {
        return /\b(401|403|Unauthorized|Forbidden|insufficient)\b/i.exec(String(refused))?.[0] ?? refused;
      } finally {
        await client.close();
      }
    };

    it(`${name}: the record of the user is the same in a tool and far from it`, async () => {
      const record = JSON.parse(await ask("editor", "getCurrentUser"));
      assert.equal(record.user_id, "ann");
      assert.equal(record.email, "ann@example.com");
      assert.equal(await ask("editor", "greet"), "Hello, Ann");
    });

    it(`${name}: each tool lets in whom it is for`, async () => {
      assert.equal(await ask("admin", "delete"), "deleted");
      assert.equal(await ask("partner", "orders"), "orders of acme");
      for (const who of [undefined, "editor", "admin", "partner"])
        assert.equal(await ask(who, "status"), "up");
      for (const [who, tool] of [
        ["editor", "delete"],
        ["partner", "delete"],
        ["admin", "orders"],
        ["partner", "greet"],
        [undefined, "greet"],
        [undefined, "orders"],
      ])
        assert.match(String(await ask(who, tool)), /401|403|Unauthorized|Forbidden/i, `${who} ${tool}`);
    });
  }
});
