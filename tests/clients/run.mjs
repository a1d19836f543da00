// Runs the client tests with node's own runner. The programs under test are taken from the directory
// that SESAME_EXAMPLES names, or from build/release/examples. Arguments go to the runner:
//
//     node tests/clients/run.mjs --test-name-pattern=cancel
//
// SPDX-License-Identifier: BSL-1.0

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

if (Number.parseInt(process.versions.node) < 22)
  throw new Error("needs node 22 or later; scripts/test-clients brings it");

const here = dirname(fileURLToPath(import.meta.url));
const given = process.argv.slice(2);
const named = given.filter((argument) => !argument.startsWith("-"));
const files = readdirSync(here)
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => named.length === 0 || named.some((part) => name.includes(part)));
const runner = spawn(
  process.execPath,
  [
    "--test",
    "--test-timeout=50000",
    "--test-reporter=spec",
    ...given.filter((argument) => argument.startsWith("-")),
    ...files.map((name) => join(here, name)),
  ],
  { stdio: "inherit" },
);
runner.on("exit", (code) => process.exit(code ?? 1));
