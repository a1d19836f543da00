// The official client of the stateless revision, and that revision by hand.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { contract, textOf } from "./contract.mjs";
import {
  ask,
  askStateless,
  bearer,
  lines,
  openStdio,
  request,
  serveHttp,
  statelessFields,
  statelessRequest,
  way,
} from "./harness.mjs";

const logLevel = "io.modelcontextprotocol/logLevel";
const forms = { elicitation: { form: {} } };

for (const transport of ["http", "stdio"]) {
  contract(lines.stateless, transport);

  describe(`no sessions, ${lines.stateless.name} over ${transport}`, () => {
    const peers = way(lines.stateless, transport);
    before(() => peers.start());
    after(() => peers.stop());

    it("finds the stateless revision by itself", async () => {
      const client = await peers.connect("quickstart", { mode: "auto" });
      assert.equal(client.era, "modern");
      assert.equal(client.revision, "2026-07-28");
      assert.equal((await client.call("fetch", { id: "r-1" })).structuredContent.id, "r-1");
      const found = client.client.getDiscoverResult();
      assert.deepEqual(found.supportedVersions, ["2026-07-28"]);
    });

    it("is served in a session too, where it does not negotiate", async () => {
      const client = await peers.connect("quickstart", { mode: "legacy" });
      assert.equal(client.era, "legacy");
      assert.equal(client.revision, "2025-11-25");
      client.onElicit = () => ({
        action: "accept",
        content: { period: "monthly", accept_terms: true },
      });
      assert.equal(textOf(await client.call("subscribe")), "Subscribed for a month");
      assert.equal((await client.call("fetch", { id: "r-1" })).structuredContent.id, "r-1");
    });

    it("is sent log messages by calls that ask for them, and by no others", async () => {
      const client = await peers.connect("everything");
      const seen = [];
      client.onLog = (message) => seen.push([message.level, message.data]);
      await client.call("test_tool_with_logging");
      await client.call("test_tool_with_logging", undefined, { meta: { [logLevel]: "error" } });
      assert.deepEqual(seen, []);
      await client.call("test_tool_with_logging", undefined, { meta: { [logLevel]: "debug" } });
      // A plain function's message too comes before its answer.
      await client.call("test_logging_tool", undefined, { meta: { [logLevel]: "info" } });
      assert.deepEqual(seen, [
        ["info", "Tool execution started"],
        ["info", "Tool processing data"],
        ["info", "Tool execution completed"],
        ["info", "logged"],
      ]);
      await assert.rejects(client.call("add", { a: 1, b: 1 }, { meta: { [logLevel]: "loud" } }), {
        code: -32602,
      });
    });

    it("is told which capability a tool needs that it does not declare", async () => {
      const client = await peers.connect("everything", { forms: false });
      for (const [tool, args, needed] of [
        ["test_elicitation", { message: "x" }, { elicitation: { form: {} } }],
        ["test_missing_capability", {}, { sampling: {} }],
      ])
        await assert.rejects(client.call(tool, args), (error) => {
          assert.equal(error.code, -32021);
          assert.deepEqual(
            Object.keys(error.data.requiredCapabilities),
            Object.keys(needed),
            JSON.stringify(error.data),
          );
          return true;
        });
      assert.equal(textOf(await client.call("add", { a: 1, b: 1 })), "2");
    });

    it("can hold the rounds of a call in its own hands", async () => {
      const client = await peers.connect("everything", { inputRequired: { autoFulfill: false } });
      const asked = await client.call("test_input_required_result_elicitation", undefined, {
        allowInputRequired: true,
      });
      assert.equal(asked.resultType, "input_required");
      assert.deepEqual(Object.keys(asked.inputRequests), ["user_name"]);
      assert.equal(asked.inputRequests.user_name.params.message, "What is your name?");
      assert.equal(typeof asked.requestState, "string");
      const answer = await client.client.callTool({
        name: "test_input_required_result_elicitation",
        inputResponses: { user_name: { action: "accept", content: { name: "Ada" } } },
        requestState: asked.requestState,
      });
      assert.equal(textOf(answer), "Hello, Ada!");
    });

    it("is refused where the user's answer does not fit the form", async () => {
      const client = await peers.connect("everything");
      client.onElicit = () => ({ action: "accept", content: { username: "ada" } });
      await assert.rejects(client.call("test_elicitation", { message: "x" }), (error) => {
        assert.equal(error.code, -32602);
        assert.match(error.message, /\bemail\b/);
        return true;
      });
    });
  });
}

describe("no sessions over HTTP", () => {
  const servers = {};
  const peers = way(lines.stateless, "http");
  before(async () => {
    servers.quickstart = await serveHttp("quickstart");
    servers.everything = await serveHttp("everything");
    await peers.start();
  });
  after(async () => {
    await peers.stop();
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  });

  it("falls back to a session where something between hides the revision", async () => {
    const methods = [];
    const client = await peers.connect("everything", {
      mode: "auto",
      // A proxy that lets nothing through but what it knows.
      fetch: async (url, init) => {
        const { method } = init.body ? JSON.parse(init.body) : {};
        methods.push(method);
        return method === "server/discover"
          ? new Response("what is that?", { status: 400 })
          : fetch(url, init);
      },
    });
    assert.deepEqual(methods.slice(0, 2), ["server/discover", "initialize"]);
    assert.equal(client.era, "legacy");
    assert.equal(client.revision, "2025-11-25");
    assert.equal(textOf(await client.call("add", { a: 1, b: 1 })), "2");
  });

  it("repeats an argument in the header that the schema names", async () => {
    const sent = [];
    const client = await peers.connect("everything", {
      fetch: (url, init) => {
        sent.push(new Headers(init.headers).get("mcp-param-region"));
        return fetch(url, init);
      },
    });
    await client.tools();
    for (const region of ["eu-west", "Zürich ", "=?base64?"]) {
      const result = await client.call("test_x_mcp_header", { region });
      assert.equal(textOf(result), `looked at ${region}`);
    }
    assert.equal(
      textOf(await client.call("test_x_mcp_header", { level: 3 })),
      "looked at everything",
    );
    const [eu, zurich, sentinel, none] = sent.slice(-4);
    assert.equal(eu, "eu-west");
    assert.match(zurich, /^=\?base64\?.*\?=$/);
    assert.ok(sentinel);
    assert.equal(none, null);

    // By hand: what the header does not say, or says differently, is refused.
    const body = statelessRequest(1, "tools/call", {
      name: "test_x_mcp_header",
      arguments: { region: "eu-west" },
    });
    for (const headers of [{}, { "Mcp-Param-Region": "us" }, { "Mcp-Param-Region": "" }]) {
      const refused = await askStateless(servers.everything.url, body, headers);
      assert.equal(refused.status, 400);
      assert.equal(refused.json.error.code, -32020);
      assert.equal(refused.json.id, 1);
    }
  });

  it("says on every result what kind it is, who answers, and how long a list keeps", async () => {
    const { url } = servers.quickstart;
    const serverInfo = { name: "quickstart", version: "1.0.0" };
    for (const method of ["server/discover", "tools/list"]) {
      const { status, headers, json } = await askStateless(url, statelessRequest("x", method));
      assert.equal(status, 200);
      assert.equal(headers.get("mcp-session-id"), null);
      assert.equal(json.id, "x");
      assert.equal(json.result.resultType, "complete");
      assert.ok(Number.isInteger(json.result.ttlMs) && json.result.ttlMs >= 0);
      assert.match(json.result.cacheScope, /^(public|private)$/);
      assert.deepEqual(json.result._meta["io.modelcontextprotocol/serverInfo"], serverInfo);
    }
    const call = statelessRequest(2 ** 53 - 1, "tools/call", { name: "status" });
    const { json } = await askStateless(url, call);
    assert.equal(json.id, 2 ** 53 - 1);
    assert.equal(json.result.resultType, "complete");
    assert.deepEqual(json.result._meta["io.modelcontextprotocol/serverInfo"], serverInfo);
  });

  it("refuses envelopes and headers that do not agree, by the code for it", async () => {
    const { url } = servers.everything;
    const add = statelessRequest(7, "tools/call", { name: "add", arguments: { a: 1, b: 2 } });
    const right = statelessFields(add);
    const withMeta = (meta) => ({ ...add, params: { ...add.params, _meta: meta } });
    const version = "io.modelcontextprotocol/protocolVersion";
    const capabilities = "io.modelcontextprotocol/clientCapabilities";
    const without = (name) =>
      Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
    for (const [body, headers, code] of [
      [withMeta(undefined), right, -32602],
      [withMeta({ [version]: "2026-07-28" }), right, -32602],
      [withMeta({ [version]: "2026-07-28", [capabilities]: [] }), right, -32602],
      [withMeta({ [version]: 20260728, [capabilities]: {} }), right, -32602],
      [withMeta({ [capabilities]: {} }), right, -32602],
      [add, without("MCP-Protocol-Version"), -32020],
      [add, { ...right, "MCP-Protocol-Version": "2025-11-25" }, -32020],
      [withMeta({ [version]: "2099-01-01", [capabilities]: {} }), right, -32020],
      [add, without("Mcp-Method"), -32020],
      [add, { ...right, "Mcp-Method": "tools/list" }, -32020],
      [add, { ...right, "Mcp-Method": "Tools/Call" }, -32020],
      [add, without("Mcp-Name"), -32020],
      [add, { ...right, "Mcp-Name": "create_order" }, -32020],
      [add, { ...right, "Mcp-Name": "=?base64?!!?=" }, -32020],
      [
        request(7, "initialize", { protocolVersion: "2025-11-25", capabilities: {} }),
        right,
        -32020,
      ],
    ]) {
      const refused = await ask(url, body, headers);
      const seen = JSON.stringify([body, headers, refused.json]);
      assert.equal(refused.status, 400, seen);
      assert.equal(refused.json.error.code, code, seen);
      assert.equal(refused.json.id, 7, seen);
    }
    // What is only spelled differently is the same.
    for (const headers of [
      { ...right, "Mcp-Name": `=?base64?${btoa("add")}?=` },
      { ...right, "Mcp-Name": " add " },
      { ...right, "Mcp-Session-Id": "left over", "Last-Event-ID": "5" },
    ])
      assert.equal(textOf((await ask(url, add, headers)).json.result), "3");
  });

  it("names the versions that it has to whoever asks for another", async () => {
    for (const requested of ["2025-11-25", "2099-01-01", "soon"]) {
      const body = statelessRequest(1, "tools/list", {
        _meta: { "io.modelcontextprotocol/protocolVersion": requested },
      });
      const { status, json } = await askStateless(servers.everything.url, body, {
        "MCP-Protocol-Version": requested,
      });
      assert.equal(status, 400);
      assert.equal(json.error.code, -32022);
      assert.deepEqual(json.error.data, { supported: ["2026-07-28"], requested });
    }
  });

  it("does not know the methods of sessions, or any other", async () => {
    for (const method of [
      "initialize",
      "ping",
      "logging/setLevel",
      "resources/subscribe",
      "tasks/list",
      "no/such",
    ]) {
      const { status, json } = await askStateless(
        servers.everything.url,
        statelessRequest(1, method),
      );
      assert.equal(status, 404, method);
      assert.equal(json.error.code, -32601, method);
      assert.equal(json.id, 1);
    }
  });

  it("takes notifications, and answers nothing", async () => {
    const note = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    const answer = await ask(servers.everything.url, note, {
      "MCP-Protocol-Version": "2026-07-28",
    });
    assert.equal(answer.status, 202);
    assert.equal(answer.text, "");
  });
});

// The state that a client keeps for the server between two rounds.
describe("requestState", () => {
  const servers = {};
  before(async () => {
    for (const name of ["everything", "quickstart"]) servers[name] = await serveHttp(name);
    servers.other = await serveHttp("everything");
  });
  after(() => Promise.all(Object.values(servers).map((server) => server.stop())));

  const name = "test_elicitation";
  const args = { message: "hello" };
  const call = (params, url = servers.everything.url) =>
    askStateless(
      url,
      statelessRequest(1, "tools/call", { name, arguments: args, ...params }, forms),
    );
  const round = async () => {
    const { result } = (await call({})).json;
    assert.equal(result.resultType, "input_required");
    const [key] = Object.keys(result.inputRequests);
    return {
      requestState: result.requestState,
      inputResponses: { [key]: { action: "decline" } },
    };
  };
  const refused = ({ status, json }) => {
    assert.equal(json.error?.code, -32602, JSON.stringify(json));
    assert.match(json.error.message, /requestState/);
    assert.equal(status, 200);
  };

  it("is opaque, new each time, and good for any later round of the same call", async () => {
    const [one, two] = [await round(), await round()];
    assert.notEqual(one.requestState, two.requestState);
    for (const text of [one.requestState, atob(one.requestState.replace(/[-_]/g, "A"))])
      assert.doesNotMatch(text, /test_elicitation|hello/);
    assert.match(textOf((await call(one)).json.result), /not accepted$/);
    // The members of the arguments in another order are the same call.
    assert.match(textOf((await call(two)).json.result), /not accepted$/);
  });

  it("is refused wherever one character of it is changed", async () => {
    const { requestState, inputResponses } = await round();
    const step = Math.max(1, Math.floor(requestState.length / 24));
    for (let i = 0; i < requestState.length; i += step) {
      const changed = requestState[i] === "A" ? "B" : "A";
      const tampered = requestState.slice(0, i) + changed + requestState.slice(i + 1);
      refused(await call({ requestState: tampered, inputResponses }));
    }
    for (const tampered of ["", "x", requestState.slice(0, -4), requestState + "AAAA", 5, null, {}])
      refused(await call({ requestState: tampered, inputResponses }));
  });

  it("is refused for other arguments, for another tool, and by another server", async () => {
    const state = await round();
    refused(await call({ ...state, arguments: { message: "changed" } }));
    refused(await call({ ...state, name: "test_input_required_result_elicitation" }));
    refused(await call(state, servers.other.url));
  });

  it("does not let a caller in who has no token", async () => {
    const { url, token } = servers.quickstart;
    const subscribe = (params, as) =>
      askStateless(
        url,
        statelessRequest(1, "tools/call", { name: "subscribe", ...params }, forms),
        bearer(as),
      );
    const { result } = (await subscribe({}, token)).json;
    const [key] = Object.keys(result.inputRequests);
    const state = {
      requestState: result.requestState,
      inputResponses: {
        [key]: { action: "accept", content: { period: "yearly", accept_terms: true } },
      },
    };
    assert.equal((await subscribe(state)).status, 401);
    assert.equal(textOf((await subscribe(state, token)).json.result), "Subscribed for a year");
  });

  it("is answered by the question again where the answer is missing", async () => {
    const state = await round();
    for (const params of [
      { requestState: state.requestState },
      { requestState: state.requestState, inputResponses: {} },
      { requestState: state.requestState, inputResponses: { another: { action: "decline" } } },
    ])
      assert.equal((await call(params)).json.result.resultType, "input_required");
    const more = { ...state.inputResponses, another: { action: "decline" } };
    assert.match(
      textOf((await call({ ...state, inputResponses: more })).json.result),
      /not accepted$/,
    );
  });

  it("comes with answers that have the right form, or they are refused", async () => {
    const { requestState, inputResponses } = await round();
    const [key] = Object.keys(inputResponses);
    for (const answer of [
      5,
      "accept",
      {},
      { action: "perhaps" },
      { action: "accept" },
      { action: "accept", content: [] },
      { action: "accept", content: { username: 5, email: "u@example.com" } },
    ]) {
      const { json } = await call({ requestState, inputResponses: { [key]: answer } });
      assert.equal(json.error?.code, -32602, JSON.stringify([answer, json]));
    }
    for (const all of [[], "x", 5])
      assert.equal((await call({ requestState, inputResponses: all })).json.error?.code, -32602);
  });
});

describe("no sessions over stdio", () => {
  it("serves both eras side by side, message by message", async (t) => {
    const peer = openStdio(t, "everything");
    const list = statelessRequest(1, "tools/list");
    const listed = await peer.ask(list);
    assert.equal(listed.result.resultType, "complete");
    const claimless = await peer.ask(request(2, "tools/list"));
    assert.equal(claimless.error.code, -32602);
    assert.match(claimless.error.message, /io\.modelcontextprotocol\/protocolVersion/);
    const opened = await peer.ask(
      request(3, "initialize", {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "by hand", version: "1" },
      }),
    );
    assert.equal(opened.result.protocolVersion, "2025-11-25");
    assert.equal((await peer.ask(request(4, "tools/list"))).result.resultType, undefined);
    assert.equal((await peer.ask({ ...list, id: 5 })).result.resultType, "complete");
    assert.equal((await peer.ask(statelessRequest(6, "ping"))).error.code, -32601);
    assert.deepEqual((await peer.ask(request(7, "ping"))).result, {});
    await peer.end();
  });

  it("sends nothing more for a cancelled request, and ends promptly", async (t) => {
    const peer = openStdio(t, "everything");
    peer.send(
      statelessRequest("slow", "tools/call", {
        name: "test_tool_with_progress",
        _meta: { progressToken: "slow" },
      }),
    );
    await peer.next((message) => message.method === "notifications/progress");
    peer.send({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: "slow", reason: "enough" },
    });
    // Cancelling what is unknown or broken does no harm.
    for (const params of [{ requestId: "slow" }, { requestId: 99 }, { requestId: {} }, {}])
      peer.send({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    const after = await peer.ask(
      statelessRequest("next", "tools/call", { name: "test_tool_with_progress" }),
    );
    assert.ok(after.result);
    assert.deepEqual(peer.got, []);
    await peer.end();
  });

  it("answers what was asked before its input ended", async (t) => {
    const peer = openStdio(t, "everything");
    peer.send(statelessRequest("slow", "tools/call", { name: "test_tool_with_progress" }));
    const answer = peer.next((message) => message.id === "slow");
    const end = peer.end();
    assert.ok((await answer).result);
    await end;
  });

  it("takes a bearer token with each request, and refuses a bad one", async (t) => {
    const peer = openStdio(t, "quickstart");
    const token = await peer.token;
    const fetchWith = (id, authorization, name = "fetch", args = { id: "r-1" }) =>
      peer.ask(
        statelessRequest(id, "tools/call", {
          name,
          arguments: args,
          _meta: authorization === undefined ? {} : { authorization },
        }),
      );
    const right = { type: "bearer", token };
    assert.equal((await fetchWith(1, right)).result.structuredContent.owner, "alice");
    // It is not kept for the next request.
    assert.equal((await fetchWith(2, undefined)).error.code, 401);
    for (const wrong of [
      { type: "bearer", token: "garbage" },
      { type: "bearer", token: `${token}x` },
      { type: "bearer", token: "" },
    ]) {
      const refused = await fetchWith(3, wrong, "status", {});
      assert.equal(refused.error?.code, 401, JSON.stringify([wrong, refused]));
    }
    for (const wrong of [{ type: "basic", token }, { type: "bearer" }, { token }, token, []]) {
      const refused = await fetchWith(4, wrong, "status", {});
      assert.equal(refused.error?.code, -32602, JSON.stringify([wrong, refused]));
    }
    assert.ok((await fetchWith(5, undefined, "status", {})).result);
    assert.doesNotMatch(peer.said.slice(1).join("\n"), new RegExp(token));
    await peer.end();
  });

  it("ends with its client, also in the middle of a call", async (t) => {
    const peer = openStdio(t, "everything");
    peer.send(
      statelessRequest(1, "tools/call", {
        name: "test_tool_with_progress",
        _meta: { progressToken: 1 },
      }),
    );
    await peer.next();
    await peer.end();
  });
});
