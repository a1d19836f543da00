// Checks Sesame's JSON Schemas with ajv in strict mode, and that ajv and Sesame's reader agree:
//
//     node schemas.mjs PROGRAM
//
// PROGRAM is tests/schemas. Each line that it prints has a schema, values that fit it and values
// that do not, what the reader said of each, and the fitting ones as they were written again.
// SPDX-License-Identifier: BSL-1.0

import { execFileSync } from "node:child_process";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const program = process.argv[2];
if (!program) {
  console.error("usage: node schemas.mjs PROGRAM");
  process.exit(2);
}

let faults = 0;
let values = 0;
function expect(condition, ...what) {
  if (condition) return;
  ++faults;
  console.error(...what);
}

const lines = execFileSync(program, { encoding: "utf8" }).trim().split("\n");
for (const line of lines) {
  const { name, schema, valid, invalid, accepted, written } = JSON.parse(line);
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats(ajv);
  let validate;
  try {
    expect(ajv.validateSchema(schema), `${name}: no schema of 2020-12:`, ajv.errorsText());
    validate = ajv.compile(schema);
  } catch (error) {
    expect(false, `${name}: ajv does not take the schema: ${error.message}`);
    continue;
  }
  [...valid, ...invalid].forEach((value, i) => {
    ++values;
    const text = JSON.stringify(value);
    expect(validate(value) === i < valid.length, `${name}: ajv is mistaken about ${text}:`,
      ajv.errorsText(validate.errors));
    expect(accepted[i] === i < valid.length, `${name}: the reader is mistaken about ${text}`);
  });
  for (const value of written)
    expect(validate(value), `${name}: what was written does not fit: ${JSON.stringify(value)}:`,
      ajv.errorsText(validate.errors));
}

console.log(`${lines.length} schemas, ${values} values, ${faults} faults`);
if (faults !== 0 || lines.length === 0) process.exit(1);
