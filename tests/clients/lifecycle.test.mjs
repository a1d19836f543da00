// How sessions and requests begin and end, and that nobody waits for, or gets, what is another's.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { textOf } from "./contract.mjs";
import {
  ask,
  askStateless,
  events,
  lines,
  openSession,
  openSocket,
  post,
  promise,
  request,
  serveHttp,
  statelessFields,
  statelessRequest,
} from "./harness.mjs";

const forms = { elicitation: {} };
const list = request(1, "tools/list");
const add = (id, a, b) => request(id, "tools/call", { name: "add", arguments: { a, b } });
const whoami = (id) =>
  request(id, "tools/call", { name: "test_elicitation", arguments: { message: "who?" } });
const slow = (id) =>
  request(id, "tools/call", {
    name: "test_tool_with_progress",
    _meta: { progressToken: id },
  });

// Calls a tool that asks the user, and waits for the question: `messages` goes on with what follows.
async function beginToAsk(session, id) {
  const controller = new AbortController();
  const response = await session.post(whoami(id), undefined, { signal: controller.signal });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const messages = events(response);
  const question = (await messages.next()).value;
  assert.equal(question.method, "elicitation/create");
  return {
    question,
    messages,
    leave: () => controller.abort(),
    answer: (username) =>
      session.ask({
        jsonrpc: "2.0",
        id: question.id,
        result: { action: "accept", content: { username, email: "u@example.com" } },
      }),
  };
}

describe("sessions over HTTP", () => {
  let server;
  let open;
  before(async () => {
    server = await serveHttp("quickstart");
    open = await serveHttp("everything");
  });
  after(() => Promise.all([server.stop(), open.stop()]));

  it("get ids that nobody guesses", async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await openSession(open.url)).id),
    );
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[\x21-\x7e]{22,}$/);
  });

  it("are ended by DELETE, and are gone then", async () => {
    const session = await openSession(open.url);
    assert.equal((await session.ask(list)).status, 200);
    assert.equal((await session.end()).status, 204);
    const gone = await session.ask(list);
    assert.equal(gone.status, 404);
    assert.equal(gone.json.id, 1);
    assert.equal((await session.end()).status, 404);
    assert.equal((await fetch(open.url, { method: "DELETE" })).status, 400);
  });

  it("are ended by the official clients", async () => {
    for (const [line, mode] of [[lines.session], [lines.stateless, "legacy"]]) {
      const client = await line.connect({ url: open.url, mode });
      const { sessionId } = client.transport;
      assert.ok(sessionId);
      await client.transport.terminateSession();
      const headers = { "Mcp-Session-Id": sessionId, "MCP-Protocol-Version": "2025-11-25" };
      assert.equal((await ask(open.url, list, headers)).status, 404);
      await client.close();
    }
  });

  it("cut short what still runs in them when they end", async () => {
    const session = await openSession(open.url, { capabilities: forms });
    const { messages, answer } = await beginToAsk(session, 1);
    assert.equal((await session.end()).status, 204);
    const rest = await messages.next();
    assert.ok(rest.done || rest.value.error || rest.value.result.isError, JSON.stringify(rest));
    assert.equal((await answer("late")).status, 404);
  });

  it("belong to the caller that opened them", async () => {
    const session = await openSession(server.url, { token: server.token });
    assert.equal((await session.ask(list)).status, 200);
    assert.equal((await session.ask(list, null)).status, 404);
    assert.equal((await session.end(null)).status, 404);
    assert.equal((await session.ask(list)).status, 200);
    assert.equal((await session.end()).status, 204);
    assert.equal((await session.ask(list)).status, 404);
  });

  it("go on with the first token that comes, and then with no other caller", async () => {
    const session = await openSession(server.url);
    const record = request(2, "tools/call", { name: "fetch", arguments: { id: "r-1" } });
    const { token } = server;
    const refused = await session.ask(record);
    assert.equal(refused.status, 401);
    assert.equal(refused.json.id, 2);
    assert.equal((await session.ask(list)).status, 200);
    const granted = await session.ask(record, token);
    assert.equal(granted.status, 200);
    assert.equal(granted.json.result.structuredContent.owner, "alice");
    assert.equal((await session.ask(list)).status, 404);
    assert.equal((await session.end()).status, 404);
    assert.equal((await session.ask(list, token)).status, 200);
    assert.equal((await session.end(token)).status, 204);
  });

  it("are of no use to a request of the stateless revision, which needs none", async () => {
    const session = await openSession(server.url, { token: server.token });
    const body = statelessRequest(1, "tools/call", { name: "fetch", arguments: { id: "r-1" } });
    const refused = await askStateless(server.url, body, { "Mcp-Session-Id": session.id });
    assert.equal(refused.status, 401);
    await session.end();
  });

  it("answer a cancelled call no more, and go on", async () => {
    const session = await openSession(open.url, { capabilities: forms });
    const { messages, answer } = await beginToAsk(session, "to cancel");
    const noted = await session.ask({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: "to cancel", reason: "enough" },
    });
    assert.equal(noted.status, 202);
    assert.deepEqual(await messages.next(), { value: undefined, done: true });
    assert.equal((await answer("late")).status, 202);
    assert.equal(textOf((await session.ask(add("to cancel", 1, 2))).json.result), "3");
    await session.end();
  });

  it("are cancelled by their own messages alone", async () => {
    const mine = await openSession(open.url, { capabilities: forms });
    const other = await openSession(open.url, { capabilities: forms });
    const { messages, answer } = await beginToAsk(mine, 1);
    for (const requestId of [1, "1", 2, null, {}])
      await other.ask({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } });
    // Another type is another id.
    await mine.ask({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: "1" },
    });
    await answer("ada");
    assert.match(textOf((await messages.next()).value.result), /: ada </);
    await Promise.all([mine.end(), other.end()]);
  });

  it("do not take a closed connection for a cancelled call", async () => {
    const session = await openSession(open.url, { capabilities: forms });
    const { leave, answer } = await beginToAsk(session, 1);
    leave();
    // The answer is taken though nobody hears of what becomes of it.
    assert.equal((await answer("ada")).status, 202);
    assert.equal(textOf((await session.ask(add(2, 1, 2))).json.result), "3");
    await session.end();
  });

  it("hear only answers that are given in them", async () => {
    const pair = [
      await openSession(open.url, { capabilities: forms }),
      await openSession(open.url, { capabilities: forms }),
    ];
    const [first, second] = await Promise.all(pair.map((session) => beginToAsk(session, 1)));
    // The second answers both its own question and one by the first one's id; so does a stranger.
    const forged = (id) => ({
      jsonrpc: "2.0",
      id,
      result: { action: "accept", content: { username: "mallory", email: "m@example.com" } },
    });
    if (first.question.id !== second.question.id) await pair[1].ask(forged(first.question.id));
    const refused = await ask(open.url, forged(first.question.id));
    assert.equal(refused.status, 400);
    await second.answer("second");
    assert.match(textOf((await second.messages.next()).value.result), /: second </);
    await first.answer("first");
    assert.match(textOf((await first.messages.next()).value.result), /: first </);
    // An answer to a question that nobody asked, or that is answered, is dropped.
    assert.equal((await first.answer("again")).status, 202);
    assert.equal((await pair[0].ask(forged("no question"))).status, 202);
    await Promise.all(pair.map((session) => session.end()));
  });
});

describe("clients beside each other over HTTP", () => {
  let server;
  before(async () => (server = await serveHttp("everything")));
  after(() => server.stop());

  it("get their own answers under the same ids, in sessions", async () => {
    const sessions = await Promise.all(Array.from({ length: 4 }, () => openSession(server.url)));
    await Promise.all(
      sessions.flatMap((session, which) =>
        Array.from({ length: 50 }, async (_, i) => {
          const { json } = await session.ask(add(i, i, 1000 * which));
          assert.equal(json.id, i);
          assert.equal(textOf(json.result), String(i + 1000 * which));
        }),
      ),
    );
    await Promise.all(sessions.map((session) => session.end()));
  });

  it("get their own answers under one id, without sessions", async () => {
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const body = statelessRequest("same", "tools/call", {
          name: "add",
          arguments: { a: i, b: 1 },
        });
        const { json } = await askStateless(server.url, body);
        assert.equal(json.id, "same");
        assert.equal(textOf(json.result), String(i + 1));
      }),
    );
  });

  it("follow their own progress under one id and one token", async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        const body = statelessRequest("same", "tools/call", {
          name: "test_tool_with_progress",
          _meta: { progressToken: i % 2 === 0 ? "same" : i },
        });
        return askStateless(server.url, body);
      }),
    );
    for (const [i, { messages }] of all.entries()) {
      const token = i % 2 === 0 ? "same" : i;
      assert.deepEqual(
        messages.map(({ id, params }) => id ?? [params.progressToken, params.progress]),
        [[token, 0], [token, 50], [token, 100], "same"],
      );
    }
  });

  it("are not delayed by 256 idle connections, nor by halves of requests", async (t) => {
    const body = JSON.stringify(statelessRequest(1, "tools/list"));
    const headers = statelessFields(JSON.parse(body));
    const idle = await Promise.all(
      Array.from({ length: 256 }, async () => {
        const peer = await openSocket(t, server.url);
        peer.post(body, headers);
        await peer.until(/^HTTP\/1\.1 200 [^]*"cacheScope"/);
        return peer;
      }),
    );
    for (let i = 0; i < 8; ++i)
      (await openSocket(t, server.url)).post(body.slice(0, 20), headers, body.length);

    const began = performance.now();
    for (let i = 0; i < 50; ++i) {
      const { json } = await askStateless(
        server.url,
        statelessRequest(i, "tools/call", { name: "add", arguments: { a: i, b: 1 } }),
      );
      assert.equal(textOf(json.result), String(i + 1));
    }
    const took = performance.now() - began;
    // Any wait for one of those connections would be a matter of 10 s and more.
    assert.ok(took < 5000, `${took} ms`);
    // And they are all still there.
    for (const peer of idle) assert.equal(peer.socket.readyState, "open");
    idle[100].post(body, headers);
    await idle[100].until(/"cacheScope"[^]*"cacheScope"/);
  });

  it("may send several requests on one connection before they read", async (t) => {
    const peer = await openSocket(t, server.url);
    for (let i = 0; i < 5; ++i) {
      const body = statelessRequest(`p${i}`, "tools/call", {
        name: "add",
        arguments: { a: i, b: 10 },
      });
      peer.post(JSON.stringify(body), statelessFields(body));
    }
    const [text] = await peer.until(/^[^]*"id":"p4"[^]*?"14"/);
    assert.deepEqual(
      [...text.matchAll(/"id":"(p\d)"/g)].map(([, id]) => id),
      ["p0", "p1", "p2", "p3", "p4"],
    );
  });

  // A peer that goes while its tool runs.
  const departures = {
    async stateless(t) {
      const peer = await openSocket(t, server.url);
      const body = statelessRequest(1, "tools/call", slow(1).params);
      peer.post(JSON.stringify(body), statelessFields(body));
      await peer.until(/"progress":0/);
      return peer;
    },
    async session(t) {
      const session = await openSession(server.url);
      const peer = await openSocket(t, server.url);
      peer.post(JSON.stringify(slow(1)), session.headers());
      await peer.until(/"progress":0/);
      return peer;
    },
    async "session that asks"(t) {
      const session = await openSession(server.url, { capabilities: forms });
      const peer = await openSocket(t, server.url);
      peer.post(JSON.stringify(whoami(1)), session.headers());
      await peer.until(/elicitation\/create/);
      // What waits for an answer would hold the server up when it stops.
      t.after(() => session.end());
      return peer;
    },
  };
  for (const [era, begin] of Object.entries(departures))
    it(`go in the middle of a call, and harm nobody: ${era}`, async (t) => {
      const peers = await Promise.all(Array.from({ length: 8 }, () => begin(t)));
      for (const peer of peers) peer.vanish();
      const { json } = await askStateless(
        server.url,
        statelessRequest(1, "tools/call", { name: "test_tool_with_progress" }),
      );
      assert.ok(json.result);
    });

  it("are not sent what belongs to a connection that is closed", async () => {
    const controller = new AbortController();
    const body = statelessRequest("gone", "tools/call", slow("gone").params);
    const response = await post(server.url, body, statelessFields(body), {
      signal: controller.signal,
    });
    const first = promise();
    const read = (async () => {
      for await (const message of events(response)) first.resolve(message);
    })();
    assert.equal((await first.promise).params.progress, 0);
    controller.abort();
    await assert.rejects(read);
    const next = await askStateless(
      server.url,
      statelessRequest("next", "tools/call", slow(2).params),
    );
    assert.deepEqual(
      next.messages.map(({ id, params }) => id ?? params.progressToken),
      [2, 2, 2, "next"],
    );
  });
});

describe("a crowd that goes while it is asked", () => {
  it("shuts nobody out", { timeout: 15_000 }, async (t) => {
    const server = await serveHttp("everything");
    t.after(() => server.stop());
    const body = JSON.stringify(whoami(1));
    // More than the connections that a server takes at a time.
    for (let round = 0; round < 12; ++round) {
      const session = await openSession(server.url, { capabilities: forms });
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          const peer = await openSocket(t, server.url);
          peer.post(body, session.headers());
          await peer.until(/^HTTP\/1\.1 \d+/);
          peer.vanish();
        }),
      );
    }
    const answer = await askStateless(server.url, statelessRequest(1, "tools/list"));
    assert.equal(answer.status, 200);
  });
});

describe("a server that is told to stop", () => {
  it("answers what it is serving, and ends", async () => {
    const server = await serveHttp("everything");
    const body = statelessRequest(1, "tools/call", slow(1).params);
    const response = await post(server.url, body, statelessFields(body));
    const messages = events(response);
    assert.equal((await messages.next()).value.params.progress, 0);
    const stopped = server.stop();
    const rest = [];
    for await (const message of messages) rest.push(message);
    assert.ok(rest.at(-1).result);
    await stopped;
  });
});
