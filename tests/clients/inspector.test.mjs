// The MCP Inspector in its command-line mode, of both lines: one speaks the session era, the other the
// stateless one too.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { program, serveHttp } from "./harness.mjs";

// The first looks for its own description beside the folder that it is started in.
const older = fileURLToPath(import.meta.resolve("@modelcontextprotocol/inspector-cli/build/cli.js"));
const newer = join(
  dirname(fileURLToPath(import.meta.resolve("@modelcontextprotocol/inspector/package.json"))),
  "clients/cli/build/index.js",
);
const started = {
  session: { command: [older, "--cli"], cwd: dirname(older), options: [] },
  stateless: {
    command: [newer],
    options: ["--protocol-era", "modern", "--stored-auth-only", "--format", "json"],
  },
};

for (const [line, { command, cwd, options: own }] of Object.entries(started)) {
  /// What it prints for one method, read; or how it failed.
  const inspect = (target, method, ...options) =>
    new Promise((done) => {
      const all = [...command, ...target, ...own, "--method", method, ...options];
      execFile(process.execPath, all, { cwd }, (failed, out, log) =>
        done(failed ? { failed: out + log } : (JSON.parse(out).result ?? JSON.parse(out))),
      );
    });

describe(`the ${line} Inspector asks once, without a token`, () => {
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
      assert.equal((await ask(...add, "a=1", "b=2")).content[0].text, "3");
      const wrong = await ask(...add, "a=1", "b=two");
      // The newer line takes a failed call for a failure of its own.
      assert.match(wrong.failed ?? JSON.stringify(wrong), /isError\W+true/);
      assert.match(wrong.failed ?? wrong.content[0].text, /b/);
      assert.match((await ask("tools/call", "--tool-name", "none")).failed, /unknown tool|not found/);

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

      if (line === "session")
        assert.deepEqual(await ask("logging/setLevel", "--log-level", "error"), {});
    });
});

describe(`the ${line} Inspector has a token in a header`, () => {
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
}
