// Calls that go on as tasks, made by the official client that has them: that of the session era.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import {
  createApplicationInputHandler,
  createTaskSessionFromClient,
  resultFromTaskOutcome,
} from "@modelcontextprotocol/ext-tasks/client";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";

import { askStateless, lines, serveHttp, way } from "./harness.mjs";

for (const transport of ["http", "stdio"])
  describe(`tasks over ${transport}`, () => {
    const peers = way(lines.session, transport);
    let own;
    let tasks;
    before(async () => {
      await peers.start();
      own = await peers.connect("everything");
      // The client knows by the list which tools are answered by a task.
      await own.tools();
      tasks = own.client.experimental.tasks;
    });
    after(() => peers.stop());

    // All that the client says of one call, and what it did about each.
    async function follow(name, args, during = () => {}) {
      const told = [];
      const call = [{ name, arguments: args }, CallToolResultSchema, { task: { ttl: 60_000 } }];
      for await (const one of tasks.callToolStream(...call)) {
        told.push(one);
        await during(one);
      }
      return told;
    }

    it("are made, looked at and fetched", async () => {
      const told = await follow("slow_compute", { seconds: 0.2, label: "tea" });
      assert.equal(told[0].type, "taskCreated");
      assert.equal(told[0].task.status, "working");
      assert.ok(told[0].task.ttl <= 60_000);
      assert.equal(told.at(-1).type, "result");
      assert.equal(told.at(-1).result.content[0].text, "tea is done");
      const { taskId } = told[0].task;
      assert.equal((await tasks.getTask(taskId)).status, "completed");
      const again = await tasks.getTaskResult(taskId, CallToolResultSchema);
      assert.equal(again.content[0].text, "tea is done");
      assert.ok((await tasks.listTasks()).tasks.some((task) => task.taskId === taskId));
    });

    it("are chosen by the client itself where a tool needs them", async () => {
      const told = [];
      for await (const one of tasks.callToolStream({ name: "failing_job", arguments: {} }))
        told.push(one);
      assert.equal(told[0].type, "taskCreated");
      const status = await tasks.getTask(told[0].task.taskId);
      assert.equal(status.status, "failed");
    });

    it("ask the user while they run", async () => {
      const asked = [];
      own.onElicit = (params) => {
        asked.push(params.message);
        return { action: "accept", content: { confirm: true } };
      };
      const told = await follow("confirm_delete", { filename: "a.txt" });
      assert.deepEqual(asked, ["Delete a.txt?"]);
      assert.equal(told.at(-1).result?.content[0].text, "Deleted a.txt");
    });

    it("are cancelled", async () => {
      let taskId;
      const told = await follow("slow_compute", { seconds: 600 }, async (one) => {
        if (one.type !== "taskCreated") return;
        taskId = one.task.taskId;
        await tasks.cancelTask(taskId);
      });
      assert.equal(told.at(-1).type, "error");
      assert.equal((await tasks.getTask(taskId)).status, "cancelled");
      await assert.rejects(tasks.cancelTask(taskId), { code: -32602 });
      await assert.rejects(tasks.getTask("no-such-task"), { code: -32602 });
    });
  });

// The extension of 2026-07-28, by the official package for it. That leaves the wire to its host.
describe("tasks of the stateless revision", () => {
  let server;
  let own;
  let session;
  const asked = [];
  const said = [];
  before(async () => {
    server = await serveHttp("everything");
    own = await lines.stateless.connect({ url: server.url });
    let id = 0;
    session = createTaskSessionFromClient(own.client, {
      endpointId: "everything",
      rawDispatch: async (given) => {
        const body = { jsonrpc: "2.0", id: ++id, ...given };
        said.push(given.method);
        const { json } = await askStateless(server.url, body, taskField(given));
        return json.error
          ? { kind: "error", error: json.error }
          : { kind: "result", result: json.result };
      },
      v2RequestFraming: {
        protocolVersion: "2026-07-28",
        clientInfo: { name: "tests", version: "1" },
        clientCapabilities: { elicitation: { form: {} } },
      },
      onInputRequest: createApplicationInputHandler({
        elicitation: async (request) => {
          asked.push(request);
          return { action: "accept", content: { confirm: true } };
        },
      }),
    });
  });
  after(async () => {
    await session.close();
    await own.close();
    await server.stop();
  });
  // What is asked of a task names it in the field, too.
  const taskField = ({ params }) => (params.taskId ? { "Mcp-Name": params.taskId } : {});

  it("are made, looked at and fetched", async () => {
    const execution = await session.callTool("slow_compute", { seconds: 0.2, label: "tea" });
    const { outcome } = await execution.settle();
    const result = resultFromTaskOutcome(outcome);
    assert.equal(result.content[0].text, "tea is done");
    assert.ok(said.includes("tasks/get"));
  });

  it("tell of a failure", async () => {
    const execution = await session.callTool("failing_job", {});
    const { outcome } = await execution.settle();
    assert.throws(() => {
      const result = resultFromTaskOutcome(outcome);
      if (result.isError) throw new Error("the tool has failed");
    });
  });

  it("ask the user while they run", async () => {
    const execution = await session.callTool("confirm_delete", { filename: "a.txt" });
    const { outcome } = await execution.settle();
    assert.equal(resultFromTaskOutcome(outcome).content[0].text, "Deleted a.txt");
    assert.equal(asked.length, 1);
    assert.match(JSON.stringify(asked[0]), /Delete a\.txt\?/);
    assert.ok(said.includes("tasks/update"));
  });

  it("are cancelled", async () => {
    const execution = await session.callTool("slow_compute", { seconds: 30, label: "tea" });
    const settled = execution.settle();
    await execution.cancel();
    const { outcome } = await settled.catch((error) => ({ outcome: error }));
    assert.match(JSON.stringify(outcome) + String(outcome), /cancel/i);
    assert.ok(said.includes("tasks/cancel"));
  });
});
