/** Generated files are what their generators make today. */
import { execFile } from "node:child_process";
import type { Check, Fault } from "./check.ts";

/** Generators that know `--check`. */
const generators = ["tools/taggable-types.ts", "tools/references.ts", "tools/json-schema.ts"];

export const generated: Check = {
  name: "generated",
  title: "generated files are fresh",
  async run(checkout) {
    const answers = generators.map(
      (generator) =>
        new Promise<readonly Fault[]>((resolve) => {
          execFile(
            process.execPath,
            [generator, "--check"],
            { cwd: checkout.root },
            (error, stdout, stderr) => {
              resolve(error === null ? [] : [{ file: generator, message: (stderr || stdout).trim() }]);
            },
          );
        }),
    );
    return (await Promise.all(answers)).flat();
  },
};
