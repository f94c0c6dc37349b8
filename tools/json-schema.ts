/**
 * Makes terrane.schema.json of this repository from the schemas and contracts. `node tools/json-schema.ts` writes it,
 * `--check` fails when it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { schemaFile, schemaText } from "../src/platform/project/schema-file.ts";
import { catalog } from "../stacks/catalog.ts";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", schemaFile);
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const text = schemaText(catalog);
if (!values.check) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error(`${schemaFile} is stale: run \`node tools/json-schema.ts\``);
  process.exitCode = 1;
}
