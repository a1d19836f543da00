// Resources, prompts, completion and lists in pages, asked for by the official clients of both lines
// over each transport.
// SPDX-License-Identifier: BSL-1.0

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { lines, way } from "./harness.mjs";

// The servers of this file give out two at a time.
process.env.PAGE_SIZE = "2";

const all = {
  listTools: ["tools", "name"],
  listResources: ["resources", "uri"],
  listResourceTemplates: ["resourceTemplates", "uriTemplate"],
  listPrompts: ["prompts", "name"],
};
const prompts = [
  "test_simple_prompt",
  "test_prompt_with_arguments",
  "test_prompt_with_embedded_resource",
  "test_prompt_with_image",
  "test_input_required_result_prompt",
];
const resources = ["test://static-text", "test://static-binary", "test://watched-resource"];

for (const line of Object.values(lines))
  for (const transport of ["http", "stdio"])
    describe(`resources and prompts, ${line.name} over ${transport}`, () => {
      const peers = way(line, transport);
      let own;
      let client;
      before(async () => {
        await peers.start();
        own = await peers.connect("everything");
        client = own.client;
      });
      after(() => peers.stop());

      // The pages as they came, whoever put them together.
      async function pages(method) {
        const [member, key] = all[method];
        const before = own.received.length;
        let page = await client[method]();
        while (page.nextCursor) page = await client[method]({ cursor: page.nextCursor });
        return own.received
          .slice(before)
          .filter((message) => message.result?.[member])
          .map((message) => message.result[member].map((item) => item[key]));
      }

      it("goes through each list page by page", async () => {
        assert.deepEqual((await pages("listResources")).flat(), resources);
        assert.deepEqual((await pages("listPrompts")).flat(), prompts);
        assert.deepEqual(await pages("listResourceTemplates"), [["test://template/{id}/data"]]);
        const tools = await pages("listTools");
        assert.ok(tools.length > 5);
        assert.ok(tools.every((page, i) => page.length === 2 || i === tools.length - 1));
        assert.equal(new Set(tools.flat()).size, tools.flat().length);
      });

      it("is refused a cursor that it made itself", async () => {
        for (const method of Object.keys(all))
          for (const cursor of ["", "2", "AAAA"])
            await assert.rejects(client[method]({ cursor }), { code: -32602 });
      });

      it("reads a text, bytes and what a template makes", async () => {
        const [text] = (await client.readResource({ uri: "test://static-text" })).contents;
        assert.deepEqual(text, {
          uri: "test://static-text",
          mimeType: "text/plain",
          text: "This is the content of the static text resource.",
        });
        const [bytes] = (await client.readResource({ uri: "test://static-binary" })).contents;
        assert.equal(bytes.mimeType, "image/png");
        assert.equal(Buffer.from(bytes.blob, "base64").subarray(1, 4).toString(), "PNG");
        const [made] = (await client.readResource({ uri: "test://template/a%20b/data" })).contents;
        assert.equal(made.uri, "test://template/a%20b/data");
        assert.equal(made.mimeType, "application/json");
        assert.deepEqual(JSON.parse(made.text), {
          id: "a b",
          templateTest: true,
          data: "Data for ID: a b",
        });
      });

      it("is told what is not there, in the words of its revision", async () => {
        for (const uri of ["test://none", "test://template/a/b/data", "test://template//data"])
          await assert.rejects(client.readResource({ uri }), (error) => {
            assert.equal(error.code, line === lines.session ? -32002 : -32602);
            assert.deepEqual(error.data, { uri });
            return true;
          });
      });

      it("gets prompts with their arguments, their content and their descriptions", async () => {
        const got = await client.getPrompt({
          name: "test_prompt_with_arguments",
          arguments: { arg1: "ü", arg2: "'2'" },
        });
        assert.equal(got.description, "A prompt with two arguments");
        assert.deepEqual(got.messages, [
          {
            role: "user",
            content: { type: "text", text: "Prompt with arguments: arg1='ü', arg2=''2''" },
          },
        ]);
        const embedded = await client.getPrompt({
          name: "test_prompt_with_embedded_resource",
          arguments: { resourceUri: "test://x" },
        });
        assert.deepEqual(
          embedded.messages.map(({ content }) => content.type),
          ["resource", "text"],
        );
        assert.equal(embedded.messages[0].content.resource.uri, "test://x");
      });

      it("is told which argument of a prompt is wrong", async () => {
        for (const [name, args, named] of [
          ["test_prompt_with_arguments", { arg1: "1" }, /\barg2\b/],
          ["test_prompt_with_arguments", { arg1: "1", arg2: "2", arg3: "3" }, /\barg3\b/],
          ["test_simple_prompt", { arg: "1" }, /\barg\b/],
          ["no_such_prompt", {}, /unknown prompt/],
        ])
          await assert.rejects(client.getPrompt({ name, arguments: args }), (error) => {
            assert.equal(error.code, -32602);
            assert.match(error.message, named);
            return true;
          });
      });

      it("answers what a prompt asks the user", async () => {
        own.onElicit = (form) => {
          assert.equal(form.message, "What context should the prompt use?");
          return { action: "accept", content: { context: "tea" } };
        };
        const got = await client.getPrompt({ name: "test_input_required_result_prompt" });
        assert.equal(got.messages[0].content.text, "Use this context: tea");
      });

      it("completes arguments, and only those that there are", async () => {
        const ref = { type: "ref/prompt", name: "test_prompt_with_arguments" };
        for (const name of ["arg1", "arg2"]) {
          const { completion } = await client.complete({ ref, argument: { name, value: "test" } });
          assert.deepEqual(completion, { values: [], total: 0, hasMore: false });
        }
        const template = { type: "ref/resource", uri: "test://template/{id}/data" };
        const { completion } = await client.complete({
          ref: template,
          argument: { name: "id", value: "1" },
        });
        assert.deepEqual(completion.values, []);
        await assert.rejects(client.complete({ ref, argument: { name: "arg3", value: "" } }), {
          code: -32602,
        });
      });
    });
