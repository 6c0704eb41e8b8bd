// Checks documents against a JSON Schema (draft 2020-12) with Ajv: {schema, documents} on standard input; prints, for each
// document, the list of what is wrong about it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.CCR_E2E_PACKAGES, "package.json"));
const { Ajv2020 } = require("ajv/dist/2020.js");

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
// Strict: a keyword that does nothing is an error, too. Tuples with open ends and unions are meant.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, allErrors: true, allowUnionTypes: true, allowMatchingProperties: true });
const validate = ajv.compile(schema);
const told = documents.map((document) =>
  validate(document) ? [] : validate.errors.map((error) => `${error.instancePath}: ${error.message}`));
console.log(JSON.stringify(told));
