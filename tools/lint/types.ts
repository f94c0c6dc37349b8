/** Types hold: the compiler finds nothing wrong. */
import { type Check, type Fault, faultsOf, runTool } from "./check.ts";

export const types: Check = {
  name: "types",
  title: "tsc -p . is clean",
  async run(checkout) {
    const result = await runTool(checkout, "typescript/bin/tsc", ["-p", ".", "--pretty", "false"]);
    return faultsOf("tsc", result, parseErrors(result.stdout));
  },
};

// "src/a.ts(3,7): error TS2322: …", further lines indented
function parseErrors(output: string): Fault[] {
  return output.split("\n").flatMap((line): Fault[] => {
    const match = /^(.+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(line);
    if (match === null) return /^error TS/.test(line) ? [{ message: line }] : [];
    return [{ file: match[1] ?? "", line: Number(match[2]), message: match[3] ?? "" }];
  });
}
