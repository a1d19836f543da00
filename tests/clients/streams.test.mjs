// What reaches the official clients without their asking, and what they fetch after a connection is lost.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import {
  PromptListChangedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";

import { textOf } from "./contract.mjs";
import {
  connectSse,
  events,
  lines,
  openSession,
  openStdio,
  promise,
  serveHttp,
  statelessRequest,
  way,
} from "./harness.mjs";

for (const transport of ["http", "stdio"]) {
  describe(`changes, ${lines.session.name} over ${transport}`, () => {
    const peers = way(lines.session, transport);
    before(() => peers.start());
    after(() => peers.stop());

    it("are told to a session that did not ask", async () => {
      const { client, call } = await peers.connect("everything");
      const told = promise();
      client.setNotificationHandler(ToolListChangedNotificationSchema, told.resolve);
      // The stream of the session may open after this.
      await call("test_trigger_tool_change");
      assert.equal((await told.promise).method, "notifications/tools/list_changed");
    });
  });

  describe(`changes, ${lines.stateless.name} over ${transport}`, () => {
    const peers = way(lines.stateless, transport);
    before(() => peers.start());
    after(() => peers.stop());

    it("are told to those who listen for them, until they stop", async () => {
      const { client, call } = await peers.connect("everything");
      const tools = [];
      const prompts = promise();
      client.setNotificationHandler("notifications/tools/list_changed", (n) => tools.push(n));
      client.setNotificationHandler("notifications/prompts/list_changed", prompts.resolve);
      const listening = await client.listen({
        promptsListChanged: true,
        resourceSubscriptions: ["test://watched-resource"],
      });
      assert.deepEqual(listening.honoredFilter, {
        promptsListChanged: true,
        resourceSubscriptions: ["test://watched-resource"],
      });
      await call("test_trigger_tool_change");
      await call("test_trigger_prompt_change");
      await prompts.promise;
      assert.deepEqual(tools, []);
      await listening.close();
      assert.equal(await listening.closed, "local");
      assert.equal(textOf(await call("add", { a: 1, b: 1 })), "2");
    });

    it("are told to several subscriptions of one client", async () => {
      const own = await peers.connect("everything");
      let told = 0;
      const both = promise();
      own.client.setNotificationHandler("notifications/tools/list_changed", () => {
        if (++told === 2) both.resolve();
      });
      const one = await own.client.listen({ toolsListChanged: true });
      const two = await own.client.listen({ toolsListChanged: true });
      await own.call("test_trigger_tool_change");
      await both.promise;
      await Promise.all([one.close(), two.close()]);
    });
  });
}

describe("streams of sessions", () => {
  let server;
  before(async () => (server = await serveHttp("everything", "--sse", "/sse")));
  after(() => server.stop());

  it("bring a client the answer that it was let go for", async () => {
    const own = await lines.session.connect({ url: server.url });
    assert.match(textOf(await own.call("test_reconnection")), /completed/);
    await own.close();
  });

  it("end with their session", async () => {
    const session = await openSession(server.url);
    const own = await fetch(server.url, {
      headers: { ...session.headers(), Accept: "text/event-stream" },
    });
    assert.equal(own.status, 200);
    assert.equal((await session.end()).status, 204);
    for await (const message of events(own)) assert.fail(JSON.stringify(message));
  });

  it("serve the client of 2024-11-05", async () => {
    const client = await connectSse(new URL("/sse", server.url));
    const told = promise();
    client.setNotificationHandler(PromptListChangedNotificationSchema, told.resolve);
    const { tools } = await client.listTools();
    assert.ok(tools.length > 10);
    const sum = await client.callTool({ name: "add", arguments: { a: 40, b: 2 } });
    assert.equal(textOf(sum), "42");
    const late = await client.callTool({ name: "test_tool_with_progress", arguments: {} });
    assert.match(textOf(late), /successfully/);
    await client.callTool({ name: "test_trigger_prompt_change", arguments: {} });
    await told.promise;
    await client.close();
  });
});

describe("a subscription on stdio", () => {
  it("ends in order when the input does", async (t) => {
    const server = openStdio(t, "everything");
    server.send(statelessRequest("mine", "subscriptions/listen", { notifications: {} }));
    const first = await server.next();
    assert.equal(first.method, "notifications/subscriptions/acknowledged");
    const cancelled = server.next(({ method }) => method === "notifications/cancelled");
    const last = server.next(({ id }) => id === "mine");
    await server.end();
    assert.deepEqual((await cancelled).params, { requestId: "mine" });
    assert.equal(
      (await last).result._meta["io.modelcontextprotocol/subscriptionId"],
      "mine",
    );
  });

  it("says nothing any more when it was cancelled", async (t) => {
    const server = openStdio(t, "everything");
    server.send(statelessRequest(1, "subscriptions/listen", { notifications: { toolsListChanged: true } }));
    await server.next();
    server.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
    const call = statelessRequest(2, "tools/call", { name: "test_trigger_tool_change", arguments: {} });
    assert.equal((await server.ask(call)).id, 2);
    assert.equal((await server.ask(statelessRequest(3, "tools/list"))).id, 3);
    assert.deepEqual(server.got, []);
    await server.end();
  });
});
