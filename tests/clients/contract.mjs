// What a client may expect of the examples, whichever revision it speaks and however it reaches them.
// session-line.test.mjs and stateless-line.test.mjs ask for it over each transport.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Ajv2020 } from "ajv/dist/2020.js";

import { promise, way } from "./harness.mjs";

/// Everything that `create_order` needs.
export const order = {
  customer: "Ada",
  email: "ada@example.com",
  product: "engine",
  quantity: 2,
  price: 1.5,
  gift: true,
  method: "express",
  tags: ["brass", "steam", "Ünïcödé \u{1f683}"],
  discounts: [],
};

// How a tool may be called.
const signedIn = (...scopes) => ({ securitySchemes: [{ type: "oauth2", scopes }] });

/// The tools of the examples as they are declared.
export const declared = {
  fetch: {
    name: "fetch",
    description: "Fetch one of your records",
    inputSchema: {
      type: "object",
      properties: {
        id: { type: "string", description: "Record to fetch", minLength: 1 },
        history: {
          type: "integer",
          description: "How many past versions",
          minimum: 0,
          maximum: 100,
          default: 10,
        },
      },
      required: ["id"],
      additionalProperties: false,
    },
    outputSchema: {
      type: "object",
      properties: {
        id: { type: "string" },
        owner: { type: "string" },
        body: { type: "string" },
      },
      required: ["id", "owner", "body"],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true },
    _meta: signedIn("records:read"),
  },
  subscribe: {
    name: "subscribe",
    description: "Upgrade your plan",
    inputSchema: { type: "object", additionalProperties: false },
    _meta: signedIn(),
  },
  status: {
    name: "status",
    description: "Is the service up?",
    inputSchema: { type: "object", additionalProperties: false },
    annotations: { readOnlyHint: true },
    _meta: { securitySchemes: [{ type: "noauth" }] },
  },
  add: {
    name: "add",
    description: "Adds two integers",
    inputSchema: {
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "integer" } },
      required: ["a", "b"],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  create_order: {
    name: "create_order",
    description: "Places an order",
    inputSchema: {
      type: "object",
      properties: {
        customer: { type: "string" },
        email: { type: "string" },
        product: { type: "string" },
        quantity: { type: "integer" },
        price: { type: "number" },
        gift: { type: "boolean" },
        method: { type: "string", enum: ["standard", "express", "overnight"] },
        tags: { type: "array", items: { type: "string" } },
        discounts: { type: "array", items: { type: "integer" } },
        note: { type: "string" },
      },
      required: [
        "customer",
        "email",
        "product",
        "quantity",
        "price",
        "gift",
        "method",
        "tags",
        "discounts",
      ],
      additionalProperties: false,
    },
  },
};

/// The form that `subscribe` shows.
export const upgradeForm = {
  type: "object",
  properties: {
    period: {
      type: "string",
      description: "How you would like to pay",
      oneOf: [
        { const: "monthly", title: "Every month" },
        { const: "yearly", title: "Once a year" },
      ],
    },
    accept_terms: { type: "boolean", description: "I accept the terms" },
  },
  required: ["period", "accept_terms"],
};

const named = (tools, name) => tools.find((tool) => tool.name === name);

/// The text of a result that consists of one.
export function textOf(result) {
  assert.equal(result.content.length, 1, JSON.stringify(result));
  assert.equal(result.content[0].type, "text");
  return result.content[0].text;
}

/// Asserts that a result is a tool's failure whose text matches.
export function failed(result, pattern) {
  assert.equal(result.isError, true, JSON.stringify(result));
  assert.match(textOf(result), pattern);
}

const wrongArguments = [
  ["add", { a: 1 }, /\bb\b/],
  ["add", { a: "1", b: 2 }, /\ba\b/],
  ["add", { a: 1, b: 2.5 }, /\bb\b/],
  ["add", { a: 1, b: 2 ** 40 }, /\bb\b/],
  ["add", { a: 1, b: null }, /\bb\b/],
  ["add", { a: 1, b: 2, c: 3 }, /\bc\b/],
  ["add", undefined, /\ba\b/],
  ["create_order", { ...order, method: "by owl" }, /\bmethod\b/],
  ["create_order", { ...order, tags: ["fine", 7] }, /\btags\b.*\b1\b/],
  ["create_order", { ...order, discounts: "none" }, /\bdiscounts\b/],
  ["create_order", { ...order, gift: "yes" }, /\bgift\b/],
  ["create_order", { ...order, note: 5 }, /\bnote\b/],
  ["create_order", { ...order, customer: undefined }, /\bcustomer\b/],
  ["fetch", { id: "" }, /\bid\b/],
  ["fetch", { id: "r-1", history: 101 }, /\bhistory\b/],
  ["fetch", { id: "r-1", history: -1 }, /\bhistory\b/],
];

/// Registers the tests for one line of clients and one transport.
export function contract(line, transport) {
  const peers = way(line, transport);
  const home = (tool) =>
    ["fetch", "subscribe", "status"].includes(tool) ? "quickstart" : "everything";

  describe(`${line.name} over ${transport}`, () => {
    let quickstart;
    let everything;
    before(async () => {
      await peers.start();
      quickstart = await peers.connect("quickstart");
      everything = await peers.connect("everything");
    });
    after(() => peers.stop());
    const clientFor = (tool) => (home(tool) === "quickstart" ? quickstart : everything);

    it("agrees on its revision, and learns whom it talks to", () => {
      assert.equal(everything.revision, line.revision);
      assert.equal(everything.era, line.revision === "2026-07-28" ? "modern" : "legacy");
      const { name, title, version } = everything.client.getServerVersion();
      assert.deepEqual(
        { name, title, version },
        { name: "everything", title: "Everything", version: "1.0.0" },
      );
      assert.equal(
        everything.client.getInstructions(),
        "Tools, resources and prompts for trying out clients.",
      );
      const offered = (client) => client.client.getServerCapabilities();
      assert.deepEqual(offered(quickstart), { logging: {}, tools: { listChanged: true } });
      const { tasks, extensions, ...others } = offered(everything);
      assert.deepEqual(others, {
        completions: {},
        logging: {},
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        tools: { listChanged: true },
      });
      assert.ok(tasks ?? extensions["io.modelcontextprotocol/tasks"]);
    });

    it("lists the tools as they are declared", async () => {
      const lists = { quickstart: await quickstart.tools(), everything: await everything.tools() };
      assert.deepEqual(
        lists.quickstart.map((tool) => tool.name),
        ["fetch", "subscribe", "status"],
      );
      for (const [name, tool] of Object.entries(declared))
        assert.deepEqual(named(lists[home(name)], name), tool);
    });

    it("lists schemas that a JSON Schema 2020-12 validator takes", async () => {
      for (const tool of [...(await quickstart.tools()), ...(await everything.tools())]) {
        // The validator's strict mode does not know every keyword of the one that is hand-written.
        const generated = tool.name !== "json_schema_2020_12_tool";
        const ajv = new Ajv2020({ strict: generated });
        if (generated) ajv.addKeyword("x-mcp-header");
        ajv.compile(tool.inputSchema);
        if (tool.outputSchema) ajv.compile(tool.outputSchema);
      }
    });

    it("passes a hand-written schema on with every keyword", async () => {
      const tool = named(await everything.tools(), "json_schema_2020_12_tool");
      for (const keyword of ["$schema", "$defs", "allOf", "if", "then", "else"])
        assert.ok(tool.inputSchema[keyword], keyword);
      assert.equal(tool.inputSchema.$defs.address.$anchor, "addressDef");
      assert.equal(tool.inputSchema.additionalProperties, false);
    });

    it("calls tools with what they take", async () => {
      assert.equal(textOf(await everything.call("add", { a: 2, b: 40 })), "42");
      assert.equal(textOf(await everything.call("add", { b: -3, a: 1.0 })), "-2");
      assert.equal(
        textOf(await everything.call("create_order", order)),
        "order for Ada <ada@example.com>: 2 x engine by express, a gift, 3 tags, 0 discounts, " +
          "total 3.000000",
      );
      assert.match(
        textOf(await everything.call("create_order", { ...order, note: "soon" })),
        /, note: soon$/,
      );
    });

    it("is told which argument is wrong", async () => {
      for (const [tool, args, names] of wrongArguments) {
        const result = await clientFor(tool).call(tool, args);
        failed(result, names);
        assert.equal(result.structuredContent, undefined);
      }
    });

    it("sends and refuses just what the schema says", async () => {
      const ajv = new Ajv2020();
      for (const tool of ["add", "create_order"]) {
        const fits = ajv.compile(declared[tool].inputSchema);
        // What is too large for an int is a bound that the schema does not show.
        for (const [name, args] of wrongArguments)
          if (name === tool && args?.b !== 2 ** 40)
            assert.equal(fits(JSON.parse(JSON.stringify(args ?? {}))), false);
        assert.equal(fits(tool === "add" ? { a: 1, b: 2 } : order), true);
      }
    });

    it("gets a protocol error for a tool that is not there", async () => {
      await assert.rejects(everything.call("nothing", {}), (error) => {
        assert.equal(error.code, -32602);
        assert.match(error.message, /unknown tool/i);
        return true;
      });
    });

    it("gets structured content that its output schema describes", async () => {
      // Once it has listed the tools, the client itself refuses content that does not fit.
      const tool = named(await quickstart.tools(), "fetch");
      const result = await quickstart.call("fetch", { id: "r-1" });
      assert.deepEqual(result.structuredContent, {
        id: "r-1",
        owner: "alice",
        body: "The first record",
      });
      assert.ok(new Ajv2020().validate(tool.outputSchema, result.structuredContent));
      assert.deepEqual(JSON.parse(textOf(result)), result.structuredContent);
      assert.ok(!result.isError);
    });

    it("gets a tool's own failure as a result", async () => {
      failed(await quickstart.call("fetch", { id: "r-2" }), /^there is no record r-2$/);
      failed(await everything.call("test_error_handling", {}), /intentionally/);
    });

    it("gets content of every type", async () => {
      const image = (await everything.call("test_image_content")).content[0];
      assert.equal(image.type, "image");
      assert.equal(image.mimeType, "image/png");
      assert.match(Buffer.from(image.data, "base64").toString("latin1"), /^\x89PNG/);
      const audio = (await everything.call("test_audio_content")).content[0];
      assert.equal(audio.type, "audio");
      assert.match(Buffer.from(audio.data, "base64").toString("latin1"), /^RIFF/);
      const { content } = await everything.call("test_multiple_content_types");
      assert.deepEqual(
        content.map((block) => block.type),
        ["text", "image", "resource"],
      );
      assert.deepEqual(JSON.parse(content[2].resource.text), { test: "data", value: 123 });
    });

    it("asks the user with the form that is declared", async () => {
      const forms = [];
      quickstart.onElicit = (form) => {
        forms.push(form);
        return { action: "accept", content: { period: "yearly", accept_terms: true } };
      };
      assert.equal(textOf(await quickstart.call("subscribe")), "Subscribed for a year");
      assert.equal(forms.length, 1);
      assert.equal(forms[0].mode ?? "form", "form");
      assert.equal(typeof forms[0].message, "string");
      assert.deepEqual(forms[0].requestedSchema, upgradeForm);
    });

    it("tells the tool what the user made of the form", async () => {
      const answers = [
        [{ action: "accept", content: { period: "monthly", accept_terms: true } }, false, /month$/],
        [{ action: "accept", content: { period: "monthly", accept_terms: false } }, true, /terms/],
        [{ action: "decline" }, false, /^No change then\.$/],
        [{ action: "cancel" }, false, /^No change then\.$/],
      ];
      for (const [answer, isError, text] of answers) {
        quickstart.onElicit = () => answer;
        const result = await quickstart.call("subscribe");
        assert.equal(result.isError ?? false, isError, JSON.stringify(result));
        assert.match(textOf(result), text);
      }
    });

    it("passes the arguments and the form to one tool", async () => {
      everything.onElicit = ({ message, requestedSchema }) => {
        assert.equal(message, "Who are you?");
        assert.deepEqual(requestedSchema.required, ["username", "email"]);
        return { action: "accept", content: { username: "ada", email: "ada@example.com" } };
      };
      const result = await everything.call("test_elicitation", { message: "hello" });
      assert.equal(textOf(result), "User response: ada <ada@example.com>");
    });

    it("does not ask before the arguments are right", async () => {
      everything.onElicit = () => assert.fail("was asked");
      failed(await everything.call("test_elicitation", { message: 5 }), /\bmessage\b/);
    });

    it("shows defaults and every kind of choice in forms", async () => {
      const forms = [];
      everything.onElicit = (form) => {
        forms.push(form.requestedSchema.properties);
        return { action: "cancel" };
      };
      await everything.call("test_elicitation_sep1034_defaults");
      await everything.call("test_elicitation_sep1330_enums");
      const [defaults, choices] = forms;
      assert.deepEqual(
        Object.fromEntries(Object.entries(defaults).map(([name, { default: d }]) => [name, d])),
        { name: "John Doe", age: 30, score: 95.5, status: "active", verified: true },
      );
      assert.deepEqual(choices.untitledSingle.enum, ["option1", "option2", "option3"]);
      assert.deepEqual(choices.titledSingle.oneOf[0], { const: "value1", title: "First" });
      assert.deepEqual(choices.legacyEnum.enumNames, ["One", "Two", "Three"]);
      assert.deepEqual(choices.untitledMulti.items.enum, ["option1", "option2", "option3"]);
      assert.deepEqual(choices.titledMulti.items.anyOf[2], { const: "value3", title: "Third" });
    });

    it("follows a tool's progress, in order and before its result", async () => {
      const seen = [];
      everything.received.length = 0;
      const result = await everything.call("test_tool_with_progress", undefined, {
        onprogress: (progress) => seen.push(progress),
      });
      assert.equal(textOf(result), "Tool with progress executed successfully");
      // Looked at where it comes in: a client may drop what comes in one piece with the result.
      const [first, second, third, last, ...others] = everything.received;
      assert.deepEqual(others, []);
      assert.ok(last.result);
      for (const [notification, progress] of [
        [first, 0],
        [second, 50],
        [third, 100],
      ]) {
        assert.equal(notification.method, "notifications/progress");
        assert.deepEqual(
          { ...notification.params, progressToken: undefined },
          { progressToken: undefined, progress, total: 100 },
        );
      }
      assert.deepEqual(seen.slice(0, 2), [
        { progress: 0, total: 100 },
        { progress: 50, total: 100 },
      ]);
    });

    it("gets no progress that it did not ask for", async () => {
      everything.received.length = 0;
      const result = await everything.call("test_tool_with_progress");
      assert.equal(textOf(result), "Tool with progress executed successfully");
      assert.equal(everything.received.length, 1);
    });

    it("gets every one of many answers that it waits for at once", async () => {
      const sums = await Promise.all(
        Array.from({ length: 100 }, (_, i) => everything.call("add", { a: i, b: 1000 })),
      );
      assert.deepEqual(
        sums.map(textOf),
        Array.from({ length: 100 }, (_, i) => String(i + 1000)),
      );
    });

    it("gets its own answers, though another client uses the same ids", async () => {
      const pair = await Promise.all([peers.connect("everything"), peers.connect("everything")]);
      const sums = await Promise.all(
        pair.map((client, which) =>
          Promise.all(
            Array.from({ length: 50 }, (_, i) => client.call("add", { a: i, b: which * 1000 })),
          ),
        ),
      );
      for (const which of [0, 1])
        assert.deepEqual(
          sums[which].map(textOf),
          Array.from({ length: 50 }, (_, i) => String(i + which * 1000)),
        );

      // Both ask their users at once, and the second is answered first.
      const asked = [promise(), promise()];
      const answers = [promise(), promise()];
      const results = pair.map((client, which) => {
        client.onElicit = () => {
          asked[which].resolve();
          return answers[which].promise;
        };
        return client.call("test_elicitation", { message: "who?" });
      });
      await Promise.all(asked.map((one) => one.promise));
      for (const which of [1, 0]) {
        const username = `user-${which}`;
        answers[which].resolve({ action: "accept", content: { username, email: "u@example.com" } });
        assert.equal(textOf(await results[which]), `User response: ${username} <u@example.com>`);
      }
    });

    it("goes on after it has cancelled a call", async () => {
      const client = await peers.connect("everything");
      const controller = new AbortController();
      const seen = [];
      await assert.rejects(
        client.call("test_tool_with_progress", undefined, {
          signal: controller.signal,
          onprogress: ({ progress }) => {
            seen.push(progress);
            controller.abort(new Error("enough"));
          },
        }),
        /enough|abort/i,
      );
      assert.deepEqual(seen, [0]);
      assert.equal(textOf(await client.call("add", { a: 1, b: 1 })), "2");
      // The same tool again takes longer than what was left of the cancelled one.
      await client.call("test_tool_with_progress");
      assert.deepEqual(seen, [0]);
    });

    it("goes on after it has cancelled a call that waits for the user", async () => {
      const client = await peers.connect("everything");
      const controller = new AbortController();
      const asked = promise();
      client.onElicit = (form, signal) => {
        const never = promise();
        signal.addEventListener("abort", () => never.reject(signal.reason));
        asked.resolve();
        return never.promise;
      };
      const call = client.call("test_elicitation", { message: "x" }, { signal: controller.signal });
      call.catch(() => {});
      await asked.promise;
      controller.abort(new Error("enough"));
      await assert.rejects(call, /enough|abort/i);
      assert.equal(textOf(await client.call("add", { a: 1, b: 1 })), "2");
      client.onElicit = () => ({ action: "decline" });
      assert.match(
        textOf(await client.call("test_elicitation", { message: "x" })),
        /not accepted$/,
      );
    });

    it("leaves in the middle of a call, and harms nobody", async () => {
      const client = await peers.connect("everything");
      const running = promise();
      const call = client.call("test_tool_with_progress", undefined, {
        onprogress: () => running.resolve(),
      });
      const over = Promise.allSettled([call]);
      await running.promise;
      await client.close();
      await over;
      assert.equal(textOf(await everything.call("add", { a: 1, b: 1 })), "2");
    });

    it("is let in to the tools that everybody may call, and to no others", async () => {
      const nobody = await peers.connect("quickstart", { anonymous: true });
      assert.equal(textOf(await nobody.call("status")), "up");
      await assert.rejects(nobody.call("fetch", { id: "r-1" }), (error) => {
        if (transport === "stdio") assert.equal(error.code, 401);
        else assert.ok(/401|unauthorized/i.test(`${error.name} ${error.code} ${error.message}`));
        return true;
      });
      assert.equal(textOf(await nobody.call("status")), "up");
    });
  });
}
