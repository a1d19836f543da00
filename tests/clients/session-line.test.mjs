// The official client of the session revisions, and these revisions by hand.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { contract, declared, failed, order, textOf } from "./contract.mjs";
import { ask, events, lines, openSession, openStdio, request, serveHttp, way } from "./harness.mjs";

for (const transport of ["http", "stdio"]) {
  contract(lines.session, transport);

  describe(`sessions, ${lines.session.name} over ${transport}`, () => {
    const peers = way(lines.session, transport);
    before(() => peers.start());
    after(() => peers.stop());

    it("answers a ping", async () => {
      const client = await peers.connect("everything");
      assert.deepEqual(await client.client.ping(), {});
    });

    it("sends the log messages of the level that was set, before the result", async () => {
      const client = await peers.connect("everything");
      const seen = [];
      client.onLog = (message) => seen.push(message);
      await client.client.setLoggingLevel("info");
      await client.call("test_tool_with_logging");
      assert.deepEqual(
        seen.map(({ level, data }) => [level, data]),
        [
          ["info", "Tool execution started"],
          ["info", "Tool processing data"],
          ["info", "Tool execution completed"],
        ],
      );
      await client.client.setLoggingLevel("error");
      await client.call("test_tool_with_logging");
      assert.equal(seen.length, 3);
      await assert.rejects(client.client.setLoggingLevel("loud"), { code: -32602 });
    });

    it("tells a tool that its client cannot ask the user", async () => {
      const client = await peers.connect("everything", { forms: false });
      failed(await client.call("test_elicitation", { message: "x" }), /elicitation/);
      failed(await client.call("test_missing_capability"), /sampling/);
    });

    it("takes a user's answer for a failure where it does not fit the form", async () => {
      const client = await peers.connect("everything");
      client.onElicit = () => ({ action: "accept", content: { username: "ada" } });
      const result = await client.call("test_elicitation", { message: "x" });
      failed(result, /\bemail\b/);
    });

    it("survives a client that fails to ask its user", async () => {
      const client = await peers.connect("everything");
      client.onElicit = () => {
        throw new Error("no screen");
      };
      failed(await client.call("test_elicitation", { message: "x" }), /could not be asked/);
      assert.equal(textOf(await client.call("add", { a: 1, b: 1 })), "2");
    });
  });
}

// How the revisions differ, as seen by clients of their time.
const revisions = {
  "2024-11-05": { annotations: false, output: false, argumentErrors: -32602, forms: false },
  "2025-03-26": { annotations: true, output: false, argumentErrors: -32602, forms: false },
  "2025-06-18": { annotations: true, output: true, argumentErrors: -32602, forms: true },
  "2025-11-25": { annotations: true, output: true, argumentErrors: "result", forms: true },
};

// A session of that revision over either transport, by hand.
async function open(t, name, transport, server, revision, capabilities = {}) {
  if (transport === "http") {
    const session = await openSession(server.url, { token: server.token, revision, capabilities });
    return {
      result: session.result,
      ask: async (body) => (await session.ask(body)).json,
      end: async () => assert.equal((await session.end()).status, 204),
    };
  }
  const peer = openStdio(t, name);
  const { result } = await peer.ask(
    request("open", "initialize", {
      protocolVersion: revision,
      capabilities,
      clientInfo: { name: "by hand", version: "1" },
    }),
  );
  peer.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  const token = name === "quickstart" ? await peer.token : undefined;
  return {
    result,
    ask: (body) => {
      const params = { ...body.params };
      if (token) params._meta = { authorization: { type: "bearer", token } };
      return peer.ask({ ...body, params });
    },
    end: () => peer.end(),
  };
}

for (const transport of ["http", "stdio"]) {
  describe(`older revisions over ${transport}`, () => {
    const servers = {};
    before(async () => {
      if (transport !== "http") return;
      servers.quickstart = await serveHttp("quickstart");
      servers.everything = await serveHttp("everything");
    });
    after(() => Promise.all(Object.values(servers).map((server) => server.stop())));
    const inSession = async (t, name, revision, capabilities, use) => {
      const session = await open(t, name, transport, servers[name], revision, capabilities);
      await use(session);
      await session.end();
    };

    for (const [revision, has] of Object.entries(revisions)) {
      it(`${revision}: lists and calls with what it knows, and no more`, async (t) => {
        await inSession(t, "quickstart", revision, {}, async (session) => {
          assert.equal(session.result.protocolVersion, revision);
          assert.equal(session.result.serverInfo.name, "quickstart");

          const listed = (await session.ask(request(1, "tools/list"))).result;
          assert.deepEqual(Object.keys(listed), ["tools"]);
          const { outputSchema, annotations, _meta, ...rest } = declared.fetch;
          assert.deepEqual(listed.tools[0], {
            ...rest,
            // The official clients leave out the schemes that are not in _meta.
            ...(has.output ? { outputSchema, _meta, ..._meta } : {}),
            ...(has.annotations ? { annotations } : {}),
          });

          const { result } = await session.ask(
            request("a", "tools/call", { name: "fetch", arguments: { id: "r-1" } }),
          );
          const record = { id: "r-1", owner: "alice", body: "The first record" };
          assert.deepEqual(JSON.parse(textOf(result)), record);
          assert.deepEqual(result.structuredContent, has.output ? record : undefined);
          assert.equal(result.resultType, undefined);
          assert.equal(result._meta, undefined);

          const wrong = await session.ask(
            request(2, "tools/call", { name: "fetch", arguments: { id: 7 } }),
          );
          if (has.argumentErrors === "result") failed(wrong.result, /\bid\b/);
          else {
            assert.equal(wrong.error.code, has.argumentErrors);
            assert.match(wrong.error.message, /\bid\b/);
          }
          assert.deepEqual((await session.ask(request(3, "ping"))).result, {});
        });
      });

      it(`${revision}: titles, content and forms are its own`, async (t) => {
        await inSession(t, "everything", revision, { elicitation: {} }, async (session) => {
          assert.equal(session.result.serverInfo.title, has.output ? "Everything" : undefined);
          const listed = (await session.ask(request(1, "tools/list"))).result.tools;
          for (const tool of listed) {
            if (!has.output) assert.ok(!("title" in tool) && !("outputSchema" in tool));
            assert.equal("annotations" in tool, has.annotations && tool.name === "add");
          }
          const placed = await session.ask(
            request(2, "tools/call", { name: "create_order", arguments: order }),
          );
          assert.match(textOf(placed.result), /^order for Ada/);

          // There was no audio before 2025-03-26.
          const sound = await session.ask(request(3, "tools/call", { name: "test_audio_content" }));
          assert.equal(sound.result.content[0].type === "audio", has.annotations);

          if (!has.forms) {
            const asked = await session.ask(
              request(4, "tools/call", { name: "test_elicitation", arguments: { message: "x" } }),
            );
            failed(asked.result, /elicitation/);
          }
        });
      });
    }

    it("offers its latest session revision to whoever asks for one that it has not", async (t) => {
      for (const wanted of ["1999-01-01", "2026-07-28", "tomorrow"])
        await inSession(t, "everything", wanted, {}, async (session) => {
          assert.equal(session.result.protocolVersion, "2025-11-25");
        });
    });
  });
}

describe("sessions over HTTP, by hand", () => {
  let server;
  before(async () => (server = await serveHttp("everything")));
  after(() => server.stop());

  it("refuses batches with an error that says so", async () => {
    const batch = [request(1, "ping"), request(2, "ping")];
    const session = await openSession(server.url, { revision: "2025-06-18" });
    const refused = await session.ask(batch);
    assert.equal(refused.status, 400);
    assert.equal(refused.json.error.code, -32600);
    assert.match(refused.json.error.message, /batches/);
  });

  it("asks without a mode in 2025-06-18, and with one in 2025-11-25", async () => {
    for (const [revision, mode] of [
      ["2025-06-18", undefined],
      ["2025-11-25", "form"],
    ]) {
      const session = await openSession(server.url, {
        revision,
        capabilities: { elicitation: {} },
      });
      const response = await session.post(
        request(1, "tools/call", { name: "test_elicitation", arguments: { message: "x" } }),
      );
      const messages = events(response);
      const question = (await messages.next()).value;
      assert.equal(question.method, "elicitation/create");
      assert.equal(question.params.mode, mode);
      const told = await session.post({
        jsonrpc: "2.0",
        id: question.id,
        result: { action: "decline" },
      });
      assert.equal(told.status, 202);
      const answer = (await messages.next()).value;
      assert.equal(answer.id, 1);
      assert.match(textOf(answer.result), /not accepted$/);
      assert.equal((await messages.next()).done, true);
    }
  });

  it("refuses what does not belong to a session", async () => {
    const session = await openSession(server.url);
    const list = request(1, "tools/list");
    const without = await ask(server.url, list, { "MCP-Protocol-Version": "2025-11-25" });
    assert.equal(without.status, 400);
    assert.match(without.json.error.message, /Mcp-Session-Id/i);
    const unknown = await ask(server.url, list, { ...session.headers(), "Mcp-Session-Id": "x" });
    assert.equal(unknown.status, 404);
    for (const version of ["1999-01-01", "soon", ""]) {
      const refused = await ask(server.url, list, {
        ...session.headers(),
        "MCP-Protocol-Version": version,
      });
      assert.equal(refused.status, 400, version);
    }
    const assumed = await ask(server.url, list, { "Mcp-Session-Id": session.id });
    assert.equal(assumed.status, 200);
  });

  it("refuses a version that the session did not agree on", async () => {
    const session = await openSession(server.url);
    const refused = await ask(server.url, request(1, "tools/list"), {
      ...session.headers(),
      "MCP-Protocol-Version": "2025-06-18",
    });
    assert.equal(refused.status, 400);
  });

  it("answers a call by a task, whose result is fetched later", async () => {
    const session = await openSession(server.url);
    const made = await session.ask(
      request(1, "tools/call", {
        name: "slow_compute",
        arguments: { seconds: 0.05, label: "tea" },
        task: { ttl: 60000 },
      }),
    );
    assert.equal(made.json.result.task.status, "working");
    const { taskId } = made.json.result.task;
    const done = await session.ask(request(2, "tasks/result", { taskId }));
    assert.equal(done.json.result.content[0].text, "tea is done");
    const listed = await session.ask(request(3, "tasks/list", {}));
    assert.deepEqual(
      listed.json.result.tasks.map((task) => [task.taskId, task.status]),
      [[taskId, "completed"]],
    );
    const other = await openSession(server.url);
    assert.deepEqual((await other.ask(request(4, "tasks/list", {}))).json.result.tasks, []);
  });

  it("answers methods that it does not have in the body, with status 200", async () => {
    const session = await openSession(server.url);
    for (const method of ["tasks/update", "server/discover", "no/such"]) {
      const answer = await session.ask(request(1, method));
      assert.equal(answer.status, 200);
      assert.equal(answer.json.error.code, -32601);
      assert.equal(answer.json.id, 1);
    }
    // A notification that nobody knows is no error.
    assert.equal((await session.ask({ jsonrpc: "2.0", method: "no/such" })).status, 202);
  });

  it("takes the batches of the revision that has them", async () => {
    const session = await openSession(server.url, { revision: "2025-03-26" });
    const answered = await session.ask([
      request(1, "ping"),
      { jsonrpc: "2.0", method: "notifications/other" },
      request("two", "tools/call", { name: "add", arguments: { a: 1, b: 1 } }),
    ]);
    assert.equal(answered.status, 200);
    assert.deepEqual(answered.json.map(({ id }) => id).sort(), [1, "two"]);
    const quiet = await session.ask([{ jsonrpc: "2.0", method: "notifications/other" }]);
    assert.equal(quiet.status, 202);
  });
});
