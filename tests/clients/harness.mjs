// What the client tests share: the examples as processes, the two official clients behind one face,
// and plain HTTP and stdio for what no official client would send.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import * as stateless from "@modelcontextprotocol/client";
import { StdioClientTransport as StatelessStdio } from "@modelcontextprotocol/client/stdio";
import { Client as SessionClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as SessionStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as SessionHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const examples = resolve(root, process.env.SESAME_EXAMPLES ?? "build/release/examples");

/// The program of an example.
export const program = (name) => join(examples, name);

/// A promise with its two ends.
export const promise = () => Promise.withResolvers();

// What an example says on standard error when it starts.
function announcements(stream) {
  const url = promise();
  const token = promise();
  const lines = [];
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    const [, name, value] = /^(listening on|development token:) (\S+)$/.exec(line) ?? [];
    if (name === "listening on") url.resolve(value);
    if (name === "development token:") token.resolve(value);
  });
  return { url: url.promise, token: token.promise, lines };
}

/// Starts an example that listens on a free port. `stop` fails if the server does not end as it
/// should: so nothing that a test did to it goes unseen.
export async function serveHttp(name, ...options) {
  const child = spawn(program(name), ["--http", "127.0.0.1:0", ...options], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  const said = announcements(child.stderr);
  const ended = once(child, "close");
  const url = await Promise.race([
    said.url,
    ended.then(() => assert.fail(`${name} did not start: ${said.lines.join("\n")}`)),
  ]);
  return {
    url,
    token: name === "quickstart" ? await said.token : undefined,
    said: said.lines,
    async stop() {
      child.kill("SIGTERM");
      const [code, signal] = await ended;
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, said.lines.join("\n"));
    },
  };
}

// The official clients. Both are brought to one face, so that one test can ask the same of each:
//   revision, era    what was agreed on
//   tools()          the tools, as listed
//   call(name, arguments, options)
//                    the result; options: onprogress, signal, anonymous, meta
//   onLog            called with the params of each log message, if it is set
//   onElicit         called with the params of each form and the signal that the call is cancelled;
//                    gives the answer
//   received         every message from the server, as it came in
//   client           the official client itself
//   close()

const identity = { name: "sesame-client-tests", version: "1.0.0" };
const capabilitiesOf = (settings) =>
  settings.forms === false ? {} : { elicitation: { form: {} } };

function face(client, settings, own) {
  const token = settings.token;
  return Object.assign(own, {
    client,
    received: [],
    tools: async () => (await client.listTools()).tools,
    params(name, args, options = {}) {
      const meta = { ...options.meta };
      if (token && settings.stdio && !options.anonymous)
        meta.authorization = { type: "bearer", token: token() };
      return {
        name,
        arguments: args,
        ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }),
      };
    },
    close: () => client.close(),
  });
}

// Notes what a connected client receives before the client itself sees it.
function listenIn(own) {
  const { transport } = own;
  const heard = transport.onmessage;
  transport.onmessage = (message, ...more) => {
    own.received.push(message);
    return heard.call(transport, message, ...more);
  };
}

async function connectSession(settings) {
  const client = new SessionClient(identity, { capabilities: capabilitiesOf(settings) });
  const own = face(client, settings, {
    call: (name, args, options = {}) =>
      client.callTool(own.params(name, args, options), undefined, {
        onprogress: options.onprogress,
        signal: options.signal,
      }),
  });
  if (settings.forms !== false)
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) =>
      own.onElicit(params, signal),
    );
  client.setNotificationHandler(LoggingMessageNotificationSchema, (n) => own.onLog?.(n.params));
  const transport = settings.stdio
    ? new SessionStdio(settings.stdio)
    : new SessionHttp(new URL(settings.url), {
        fetch: settings.fetch,
        authProvider: settings.authProvider,
        requestInit: settings.token && {
          headers: { Authorization: `Bearer ${settings.token()}` },
        },
      });
  // The client tells its transport which version was agreed on, and nobody else.
  const tell = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version) => {
    own.revision = version;
    tell?.(version);
  };
  own.transport = transport;
  settings.started?.(transport);
  await client.connect(transport);
  own.era = "legacy";
  listenIn(own);
  return own;
}

async function connectStateless(settings) {
  const client = new stateless.Client(identity, {
    capabilities: capabilitiesOf(settings),
    versionNegotiation: { mode: settings.mode ?? { pin: "2026-07-28" } },
    inputRequired: settings.inputRequired,
  });
  const own = face(client, settings, {
    call: (name, args, options = {}) =>
      client.callTool(own.params(name, args, options), {
        onprogress: options.onprogress,
        signal: options.signal,
        allowInputRequired: options.allowInputRequired,
      }),
  });
  if (settings.forms !== false)
    client.setRequestHandler("elicitation/create", ({ params }, { mcpReq }) =>
      own.onElicit(params, mcpReq.signal),
    );
  client.setNotificationHandler("notifications/message", (n) => own.onLog?.(n.params));
  const transport = settings.stdio
    ? new StatelessStdio(settings.stdio)
    : new stateless.StreamableHTTPClientTransport(new URL(settings.url), {
        fetch: settings.fetch,
        authProvider:
          settings.authProvider ?? (settings.token && { token: async () => settings.token() }),
        onInsufficientScope: "throw",
      });
  own.transport = transport;
  settings.started?.(transport);
  await client.connect(transport);
  own.revision = client.getNegotiatedProtocolVersion();
  own.era = client.getProtocolEra();
  listenIn(own);
  return own;
}

/// Connects a client of the session line by the transport of 2024-11-05.
export async function connectSse(url) {
  const client = new SessionClient(identity, { capabilities: {} });
  await client.connect(new SSEClientTransport(new URL(url)));
  return client;
}

/// The two lines of the official TypeScript client.
export const lines = {
  session: { name: "@modelcontextprotocol/sdk", revision: "2025-11-25", connect: connectSession },
  stateless: {
    name: "@modelcontextprotocol/client",
    revision: "2026-07-28",
    connect: connectStateless,
  },
};

/// How a client of one line reaches the examples over one transport: `start` and `stop` bracket the
/// tests, `connect` gives one more client each time.
export function way(line, transport) {
  const servers = new Map();
  const clients = [];
  return {
    line,
    transport,
    async start() {
      if (transport !== "http") return;
      for (const name of ["quickstart", "everything"]) servers.set(name, await serveHttp(name));
    },
    async connect(name, settings = {}) {
      const { anonymous, ...others } = settings;
      let own;
      if (transport === "http") {
        const { url, token } = servers.get(name);
        own = await line.connect({
          url,
          token: token && !anonymous ? () => token : undefined,
          ...others,
        });
      } else {
        let token;
        let said;
        own = await line.connect({
          stdio: { command: program(name), args: ["--stdio"], stderr: "pipe", env: process.env },
          token: name === "quickstart" && !anonymous ? () => token : undefined,
          started: (started) => (said = announcements(started.stderr)),
          ...others,
        });
        if (name === "quickstart") token = await said.token;
      }
      clients.push(own);
      return own;
    },
    async stop() {
      await Promise.all(clients.splice(0).map((client) => client.close()));
      await Promise.all([...servers.values()].map((server) => server.stop()));
      servers.clear();
    },
  };
}

// Plain HTTP.

/// The messages of an event stream as they come.
export async function* events(response) {
  let text = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
      const data = text
        .slice(0, end)
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).replace(/^ /, ""));
      // An event without data brings nothing but its id.
      if (data.join("") !== "") yield JSON.parse(data.join("\n"));
    }
  }
}

export const fields = {
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
};

/// Posts a body (an object is made JSON) and leaves the response as it is.
export const post = (url, body, headers = {}, init = {}) =>
  fetch(url, {
    method: "POST",
    headers: { ...fields, ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...init,
  });

/// Posts a body and reads the whole answer: `status`, `headers`, `text`, and `json`, the last message.
export async function ask(url, body, headers, init) {
  const response = await post(url, body, headers, init);
  const { status } = response;
  if (response.headers.get("content-type") === "text/event-stream") {
    const messages = [];
    for await (const message of events(response)) messages.push(message);
    return { status, headers: response.headers, messages, json: messages.at(-1) };
  }
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const json = isJson ? JSON.parse(text) : undefined;
  return { status, headers: response.headers, text, json, messages: json ? [json] : [] };
}

export const bearer = (token) => (token ? { Authorization: `Bearer ${token}` } : {});

/// A request of the session revisions.
export const request = (id, method, params) => ({ jsonrpc: "2.0", id, method, params });

/// A request of the stateless revision: its body.
export const statelessRequest = (id, method, params = {}, capabilities = {}) =>
  request(id, method, {
    ...params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": capabilities,
      ...params._meta,
    },
  });

/// The header fields that repeat what such a body says.
export const statelessFields = ({ method, params }) => ({
  "MCP-Protocol-Version": "2026-07-28",
  "Mcp-Method": method,
  ...(params.name === undefined ? {} : { "Mcp-Name": params.name }),
});

/// Asks in the stateless revision.
export const askStateless = (url, body, headers) =>
  ask(url, body, { ...statelessFields(body), ...headers });

/// Opens a session by hand. `ask` and `post` work in it, with `token` unless they are given another.
export async function openSession(url, { token, revision = "2025-11-25", capabilities = {} } = {}) {
  const opened = await ask(
    url,
    request("open", "initialize", {
      protocolVersion: revision,
      capabilities,
      clientInfo: identity,
    }),
    bearer(token),
  );
  assert.equal(opened.status, 200, opened.text);
  const id = opened.headers.get("mcp-session-id");
  const version = opened.json.result.protocolVersion;
  const own = {
    id,
    result: opened.json.result,
    headers: (as = token) => ({
      "Mcp-Session-Id": id,
      // The oldest two revisions do not know the field.
      ...(version >= "2025-06-18" ? { "MCP-Protocol-Version": version } : {}),
      ...bearer(as),
    }),
    ask: (body, as) => ask(url, body, own.headers(as)),
    post: (body, as, init) => post(url, body, own.headers(as), init),
    end: (as) => fetch(url, { method: "DELETE", headers: own.headers(as) }),
  };
  const noted = await own.post({ jsonrpc: "2.0", method: "notifications/initialized" });
  assert.equal(noted.status, 202);
  assert.equal(await noted.text(), "");
  return own;
}

/// A TCP connection to a server until the end of the test `t`, for what `fetch` does not send.
export async function openSocket(t, url) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connectSocket({ host: hostname, port: Number(port), noDelay: true });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  let received = "";
  let closed = false;
  let wake = promise();
  const stir = () => {
    wake.resolve();
    wake = promise();
  };
  socket.on("data", (part) => {
    received += part.toString("latin1");
    stir();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
    stir();
  });
  return {
    socket,
    /// Sends a POST; `length` may promise more than `body` holds.
    post(body, headers = {}, length = Buffer.byteLength(body)) {
      const head = Object.entries({ ...fields, ...headers, "Content-Length": length })
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("");
      socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${head}\r\n`);
      socket.write(body);
    },
    /// Waits until what was received matches, and gives the match.
    async until(pattern) {
      for (;;) {
        const found = pattern.exec(received);
        if (found) return found;
        assert.ok(!closed, `closed before ${pattern}: ${received}`);
        await wake.promise;
      }
    },
    /// Waits until the server closed the connection.
    async end() {
      while (!closed) await wake.promise;
      return received;
    },
    /// Goes without a word.
    vanish() {
      socket.resetAndDestroy();
    },
  };
}

/// An example on stdio, by hand, until the end of the test `t`.
export function openStdio(t, name) {
  const child = spawn(program(name), ["--stdio"], { stdio: ["pipe", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const said = announcements(child.stderr);
  const ended = once(child, "close");
  const got = [];
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    // Standard output carries messages and nothing else.
    const message = JSON.parse(line);
    assert.equal(message.jsonrpc, "2.0", line);
    const taker = waiting.findIndex((wanted) => wanted.fits(message));
    if (taker >= 0) waiting.splice(taker, 1)[0].resolve(message);
    else got.push(message);
  });
  return {
    token: said.token,
    said: said.lines,
    send: (line) => {
      child.stdin.write(
        typeof line === "string" || line instanceof Uint8Array ? line : JSON.stringify(line),
      );
      child.stdin.write("\n");
    },
    /// The next message that fits and that nobody took before.
    next(fits = () => true) {
      const held = got.findIndex(fits);
      if (held >= 0) return Promise.resolve(got.splice(held, 1)[0]);
      const wanted = promise();
      waiting.push({ fits, resolve: wanted.resolve });
      return Promise.race([
        wanted.promise,
        ended.then(() => assert.fail(`the server ended: ${said.lines.join("\n")}`)),
      ]);
    },
    /// What came and was taken by nobody.
    got,
    async ask(message) {
      this.send(message);
      return this.next((answer) => answer.id === message.id && answer.method === undefined);
    },
    /// Ends the input; the server must end too, and well.
    async end() {
      child.stdin.end();
      const [code, signal] = await ended;
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, said.lines.join("\n"));
    },
  };
}
