// The MCP Inspector in its command-line mode: a program that speaks the session era.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { program, serveHttp } from "./harness.mjs";

// It looks for its own description beside the folder that it is started in.
const cli = fileURLToPath(import.meta.resolve("@modelcontextprotocol/inspector-cli/build/cli.js"));

/// What it prints for one method, read; or how it failed.
const inspect = (target, method, ...options) =>
  new Promise((done) => {
    const all = [cli, "--cli", ...target, "--method", method, ...options];
    execFile(process.execPath, all, { cwd: dirname(cli) }, (failed, out, log) =>
      done(failed ? { failed: out + log } : JSON.parse(out)),
    );
  });

describe("the Inspector asks once, without a token", () => {
  let server;
  before(async () => {
    server = await serveHttp("everything");
  });
  after(() => server.stop());

  for (const transport of ["http", "stdio"])
    it(`for everything that it can, over ${transport}`, async () => {
      const target = transport === "http" ? [server.url] : [program("everything"), "--stdio"];
      const ask = (...given) => inspect(target, ...given);

      const { tools } = await ask("tools/list");
      assert.equal(tools.find((tool) => tool.name === "add").inputSchema.type, "object");
      const add = ["tools/call", "--tool-name", "add", "--tool-arg"];
      assert.deepEqual(await ask(...add, "a=1", "b=2"), { content: [{ type: "text", text: "3" }] });
      const wrong = await ask(...add, "a=1", "b=two");
      assert.ok(wrong.isError);
      assert.match(wrong.content[0].text, /b/);
      assert.match((await ask("tools/call", "--tool-name", "none")).failed, /unknown tool/);

      const { resources } = await ask("resources/list");
      assert.ok(resources.some((one) => one.uri === "test://static-text"));
      const { contents } = await ask("resources/read", "--uri", "test://static-text");
      assert.equal(contents[0].text, "This is the content of the static text resource.");
      const { resourceTemplates } = await ask("resources/templates/list");
      assert.equal(resourceTemplates[0].uriTemplate, "test://template/{id}/data");

      const { prompts } = await ask("prompts/list");
      const name = "test_prompt_with_arguments";
      assert.ok(prompts.some((one) => one.name === name));
      const made = ["--prompt-name", name, "--prompt-args", "arg1=x", "arg2=y"];
      const { messages } = await ask("prompts/get", ...made);
      assert.match(messages[0].content.text, /arg1='x', arg2='y'/);

      assert.deepEqual(await ask("logging/setLevel", "--log-level", "error"), {});
    });
});

describe("the Inspector has a token in a header", () => {
  let server;
  before(async () => {
    server = await serveHttp("quickstart");
  });
  after(() => server.stop());

  it("and is let in, which it is not without", async () => {
    const fetch = ["tools/call", "--tool-name", "fetch", "--tool-arg", "id=r-1"];
    const header = ["--header", `Authorization: Bearer ${server.token}`];
    const got = await inspect([server.url], ...fetch, ...header);
    assert.ok(!got.failed && !got.isError, got.failed);
    assert.match((await inspect([server.url], ...fetch)).failed, /required/);
    const status = await inspect([server.url], "tools/call", "--tool-name", "status");
    assert.ok(!status.isError && !status.failed);
  });
});
