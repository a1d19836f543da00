// Messages that no client sends: each is refused by name, tells nothing that is not the peer's business,
// and leaves the server as it was.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { failed, order, textOf } from "./contract.mjs";
import {
  ask,
  askStateless,
  openSession,
  openSocket,
  openStdio,
  request,
  serveHttp,
  statelessFields,
  statelessRequest,
} from "./harness.mjs";

const limit = 4 * 1024 * 1024;
const latin1 = (text) => Buffer.from(text, "latin1");
const meta =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",' +
  '"io.modelcontextprotocol/clientCapabilities":{}}';
const call = (params) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{${params},${meta}}}`;

// What is no JSON, or no JSON-RPC: refused alike over every transport and in every era.
const broken = {
  "nothing at all": ["", -32700],
  "white space": [" \t ", -32700],
  "a text that is cut off": ['{"jsonrpc":"2.0","id":1,"method":"tools/li', -32700],
  "an object that is cut off": ['{"jsonrpc":"2.0","id":1,', -32700],
  "two messages at once": ['{"jsonrpc":"2.0","id":1,"method":"ping"}{}', -32700],
  "a comma too many": ['{"jsonrpc":"2.0","id":1,"method":"ping",}', -32700],
  "single quotes": ["{'jsonrpc':'2.0','id':1,'method':'ping'}", -32700],
  NaN: ['{"jsonrpc":"2.0","id":NaN,"method":"ping"}', -32700],
  "a number with a leading zero": ['{"jsonrpc":"2.0","id":01,"method":"ping"}', -32700],
  "a number of more than 64 bits": [
    call('"name":"add","arguments":{"a":18446744073709551616}'),
    -32700,
  ],
  "a number beyond double": [call('"name":"add","arguments":{"a":1e999}'), -32700],
  "a control character": ['{"jsonrpc":"2.0","id":"\x01","method":"ping"}', -32700],
  "a zero byte": ['{"jsonrpc":"2.0","id":1,"method":"ping\0"}', -32700],
  "a byte that is no UTF-8": [latin1('{"jsonrpc":"2.0","id":"\xff","method":"ping"}'), -32700],
  "an overlong UTF-8 sequence": [latin1('{"jsonrpc":"2.0","id":"\xc0\xaf","method":"x"}'), -32700],
  "a surrogate in UTF-8": [latin1('{"jsonrpc":"2.0","id":"\xed\xa0\x80","method":"x"}'), -32700],
  "half a surrogate pair": ['{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}', -32700],
  "UTF-16": [Buffer.from('{"jsonrpc":"2.0"}', "utf16le"), -32700],
  "a hundred thousand brackets": ["[".repeat(100_000), -32700],
  "arrays in arrays": [`${"[".repeat(2000)}${"]".repeat(2000)}`, -32700],
  "objects in objects": [
    call(`"name":"add","arguments":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`),
    -32700,
  ],
  "a text": ['"ping"', -32600],
  "a number": ["5", -32600],
  null: ["null", -32600],
  "an empty batch": ["[]", -32600],
  "an empty object": ["{}", -32600],
  "no version": ['{"id":1,"method":"ping"}', -32600],
  "a version that is a number": ['{"jsonrpc":2.0,"id":1,"method":"ping"}', -32600],
  "another version": ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
  "an id that is null": ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
  "an id that is a fraction": ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600],
  "an id that is an object": ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
  "an id that is true": ['{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600],
  "a method that is a number": ['{"jsonrpc":"2.0","id":1,"method":5}', -32600],
  "neither method nor result": ['{"jsonrpc":"2.0","id":1}', -32600],
  "both method and result": ['{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', -32600],
  "both result and error": ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', -32600],
  "two ids": ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32600],
  "two methods": ['{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', -32600],
  "a name written another way": [
    '{"jsonrpc":"2.0","id":1,"method":"ping","\\u006dethod":"tools/call"}',
    -32600,
  ],
  "params that are a text": ['{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}', -32602],
  "params that are a list": ['{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}', -32602],
  "a _meta that is a list": [
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":[]}}',
    -32602,
  ],
  "two _metas": [
    `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{${meta},${meta}}}`,
    -32602,
  ],
};

// Requests that are fine but for what they ask.
const wrong = {
  "no name": ['"arguments":{}', /\bname\b/],
  "a name that is a number": ['"name":5', /\bname\b/],
  "two names": ['"name":"add","name":"create_order"', /twice/],
  "arguments that are a list": ['"name":"add","arguments":[1,2]', /\barguments\b/],
  "arguments that are a text": ['"name":"add","arguments":"a"', /\barguments\b/],
  "arguments given twice": ['"name":"add","arguments":{},"arguments":{"a":1,"b":2}', /twice/],
  "a name that is a path": ['"name":"../../etc/passwd"', /unknown tool/],
  "a name with a zero byte": ['"name":"add\\u0000"', /unknown tool/],
  "a very long name": [`"name":"${"x".repeat(100_000)}"`, /unknown tool/],
};

// Arguments that the tool's own schema refuses.
const wrongArguments = {
  "a member twice": ['{"a":1,"b":2,"a":3}', /\ba\b/],
  "a member twice, spelled differently": ['{"a":1,"b":2,"\\u0061":3}', /\ba\b/],
  "a number beyond int": ['{"a":2147483648,"b":2}', /\ba\b/],
  "the largest of 64 bits": ['{"a":18446744073709551615,"b":2}', /\ba\b/],
  "a fraction": ['{"a":1.5,"b":2}', /\ba\b/],
  __proto__: ['{"a":1,"b":2,"__proto__":{}}', /__proto__/],
};

// A text may name what the peer sent; it must not tell what the server is made of.
function revealsNothing(text) {
  assert.doesNotMatch(
    text,
    /simdjson|asio|openssl|std::|exception|\.[ch]pp|\/(root|work|home|usr|tmp)\/|0x[0-9a-f]{6}|terminate/i,
  );
  assert.ok(text.length < 4096, `${text.length} bytes`);
}

function refusedAs(answer, code, what) {
  const text = JSON.stringify(answer);
  assert.equal(answer?.error?.code, code, `${what}: ${text}`);
  assert.equal(answer.jsonrpc, "2.0");
  assert.equal(answer.result, undefined);
  // More than the error's name: what is wrong with this very message.
  assert.match(answer.error.message, /^(Parse error|Invalid request|Invalid params): \S/, text);
  assert.ok(!("id" in answer) || answer.id === 1, `${what}: ${text}`);
  revealsNothing(text);
}

describe("hostile messages over HTTP", () => {
  let server;
  before(async () => (server = await serveHttp("everything")));
  after(() => server.stop());
  const alive = async () => {
    const body = statelessRequest("alive", "tools/call", {
      name: "add",
      arguments: { a: 1, b: 1 },
    });
    assert.equal(textOf((await askStateless(server.url, body)).json.result), "2");
  };

  it("are refused with what is wrong with them, with or without a session", async () => {
    const session = await openSession(server.url);
    for (const [what, [body, code]] of Object.entries(broken))
      for (const headers of [{}, session.headers(), { "MCP-Protocol-Version": "2026-07-28" }]) {
        const answer = await ask(server.url, body, headers);
        if (code === -32602) assert.ok([200, 400].includes(answer.status), what);
        else assert.equal(answer.status, 400, `${what}: ${answer.text}`);
        refusedAs(answer.json, code, what);
      }
    assert.equal((await session.ask(request(2, "ping"))).status, 200);
    await alive();
  });

  it("are refused where they ask for what is not there", async () => {
    const session = await openSession(server.url);
    for (const [what, [params, names]] of Object.entries(wrong)) {
      const body = call(params);
      const name = /"name":"([a-z_]*)"/.exec(params)?.[1] ?? "";
      const modern = await ask(server.url, body, {
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
        "Mcp-Name": what === "a very long name" ? "x".repeat(100) : name,
      });
      // Headers that cannot say the same are refused for that; the body is refused for itself.
      assert.ok([-32602, -32020].includes(modern.json.error?.code), `${what}: ${modern.text}`);
      revealsNothing(modern.text);
      const old = await ask(server.url, body.replace(`,${meta}`, ""), session.headers());
      assert.equal(old.json.error?.code, -32602, `${what}: ${old.text}`);
      assert.match(old.json.error.message, names, what);
      revealsNothing(old.text);
    }
    await alive();
  });

  it("are refused as arguments by the name of the argument", async () => {
    for (const [what, [args, names]] of Object.entries(wrongArguments)) {
      const body = call(`"name":"add","arguments":${args}`);
      const answer = await ask(server.url, body, {
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
        "Mcp-Name": "add",
      });
      assert.ok(answer.json.result, `${what}: ${answer.text}`);
      failed(answer.json.result, names);
      revealsNothing(answer.text);
    }
    await alive();
  });

  it("are refused for their size before they are read", async (t) => {
    const exact = (size) => {
      const body = call(`"name":"add","arguments":{"a":1,"b":2},"padding":"?"`);
      return body.replace("?", "x".repeat(size - body.length + 1));
    };
    const headers = {
      "MCP-Protocol-Version": "2026-07-28",
      "Mcp-Method": "tools/call",
      "Mcp-Name": "add",
    };
    const fits = await ask(server.url, exact(limit), headers);
    assert.equal(fits.status, 200, fits.text);
    assert.equal(textOf(fits.json.result), "3");

    // One that says so, one that is sent, and one that does not say how long it is.
    const said = await openSocket(t, server.url);
    said.post("{", headers, limit + 1);
    assert.equal((await said.until(/^HTTP\/1\.1 (\d+)/))[1], "413");
    await said.end();
    const sent = await ask(server.url, exact(limit + 1), headers);
    assert.equal(sent.status, 413);
    const { port, pathname } = new URL(server.url);
    const chunked = await openSocket(t, server.url);
    chunked.socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n` +
        "Content-Type: application/json\r\n\r\n",
    );
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    for (let i = 0; i <= limit / 0x10000; ++i) chunked.socket.write(chunk);
    assert.equal((await chunked.until(/^HTTP\/1\.1 (\d+)/))[1], "413");
    await alive();
  });

  it("are refused as HTTP where they are none", async (t) => {
    const { port, pathname } = new URL(server.url);
    const host = `Host: 127.0.0.1:${port}\r\n`;
    for (const [what, text, code] of [
      ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400"],
      ["no Host", `POST ${pathname} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`, "400"],
      ["two Hosts", `POST ${pathname} HTTP/1.1\r\n${host}${host}\r\n`, "400"],
      [
        "two lengths",
        `POST ${pathname} HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
        "400",
      ],
      [
        "a length and chunks",
        `POST ${pathname} HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        "400",
      ],
      [
        "a length below zero",
        `POST ${pathname} HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
        "400",
      ],
      ["a space before the colon", `POST ${pathname} HTTP/1.1\r\n${host}A : b\r\n\r\n`, "400"],
      ["a folded field", `POST ${pathname} HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`, "400"],
      ["a long target", `POST /${"x".repeat(20000)} HTTP/1.1\r\n${host}\r\n`, "414"],
      [
        "a long field",
        `POST ${pathname} HTTP/1.1\r\n${host}A: ${"x".repeat(70000)}\r\n\r\n`,
        "431",
      ],
      ["many fields", `POST ${pathname} HTTP/1.1\r\n${host}${"A: b\r\n".repeat(100)}\r\n`, "431"],
    ]) {
      const peer = await openSocket(t, server.url);
      peer.socket.write(Buffer.from(text, "latin1"));
      assert.equal((await peer.until(/^HTTP\/1\.1 (\d+)/))[1], code, what);
      revealsNothing(await peer.end());
    }
    await alive();
  });

  it("are not served twice or as another by what follows them", async (t) => {
    // A body that holds a second request, behind a length that cuts it off.
    const { port, pathname } = new URL(server.url);
    const inner = JSON.stringify(
      statelessRequest("smuggled", "tools/call", { name: "add", arguments: { a: 1, b: 1 } }),
    );
    const peer = await openSocket(t, server.url);
    peer.socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
        `Transfer-Encoding: chunked, identity\r\nContent-Length: 0\r\n\r\n` +
        `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${inner.length}\r\n\r\n${inner}`,
    );
    const all = await peer.end();
    assert.match(all, /^HTTP\/1\.1 [45]\d\d/);
    assert.doesNotMatch(all, /smuggled/);
    await alive();
  });

  it("do not make the server remember them", async () => {
    // Hostile and sound messages on one connection, over and over.
    for (let i = 0; i < 20; ++i) {
      await Promise.all(
        Object.values(broken)
          .filter(([body]) => body.length < 1000)
          .map(([body]) => ask(server.url, body)),
      );
      await alive();
    }
  });
});

describe("hostile messages over stdio", () => {
  it("are refused with what is wrong with them", async (t) => {
    const peer = openStdio(t, "everything");
    for (const [what, [line, code]] of Object.entries(broken)) {
      if (Buffer.from(line).toString().trim() === "") continue; // an empty line is none
      peer.send(line);
      refusedAs(await peer.next(), code, what);
    }
    for (const [what, [params, names]] of Object.entries(wrong)) {
      peer.send(call(params));
      const answer = await peer.next();
      refusedAs(answer, -32602, what);
      assert.match(answer.error.message, names);
    }
    for (const [what, [args, names]] of Object.entries(wrongArguments)) {
      peer.send(call(`"name":"add","arguments":${args}`));
      const answer = await peer.next();
      assert.ok(answer.result, `${what}: ${JSON.stringify(answer)}`);
      failed(answer.result, names);
      revealsNothing(JSON.stringify(answer));
    }
    const answer = await peer.ask(
      statelessRequest("alive", "tools/call", { name: "create_order", arguments: order }),
    );
    assert.match(textOf(answer.result), /^order for Ada/);
    assert.deepEqual(peer.got, []);
    await peer.end();
  });

  it("are refused once for their size, and skipped to their end", async (t) => {
    const peer = openStdio(t, "everything");
    const padded = (size) =>
      call(`"name":"add","arguments":{"a":1,"b":2},"x":"${"x".repeat(size)}"`);
    for (const size of [limit, 3 * limit]) {
      peer.send(padded(size));
      const refused = await peer.next();
      assert.ok(refused.error, JSON.stringify(refused));
      assert.match(refused.error.message, /size|large|long|big|bytes/i);
      revealsNothing(JSON.stringify(refused));
      const alive = await peer.ask(request("alive", "ping"));
      assert.deepEqual(alive.result, {});
    }
    // What fits is served, however it comes in.
    peer.send(padded(limit - 1000));
    assert.equal(textOf((await peer.next()).result), "3");
    assert.deepEqual(peer.got, []);
    await peer.end();
  });

  it("are not taken for what they are not: empty lines, line ends, a last line without one", async (t) => {
    const peer = openStdio(t, "everything");
    peer.send("\n\r\n  \n");
    peer.send('{"jsonrpc":"2.0","id":1,"method":"ping"}\r');
    assert.deepEqual(await peer.next(), { jsonrpc: "2.0", id: 1, result: {} });
    for (const note of [
      '{"jsonrpc":"2.0","method":"no/such"}',
      '{"jsonrpc":"2.0","id":"nobody asked","result":{}}',
      '{"jsonrpc":"2.0","id":"sesame-1","error":{"code":1,"message":"x"}}',
    ])
      peer.send(note);
    assert.deepEqual((await peer.ask(request(2, "ping"))).result, {});
    assert.deepEqual(peer.got, []);
    await peer.end();
  });
});
