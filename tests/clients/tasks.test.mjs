// Calls that go on as tasks, made by the official client that has them: that of the session era.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";

import { lines, way } from "./harness.mjs";

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
