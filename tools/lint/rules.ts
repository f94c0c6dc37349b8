/** The rules of .oxlintrc.json hold: likely mistakes, default exports, `any`. Cycles are for layers.ts, which shows them. */
import { type Check, faultsOf, runTool } from "./check.ts";

interface Report {
  readonly diagnostics?: readonly {
    readonly message: string;
    readonly code?: string;
    readonly filename?: string;
    readonly labels?: readonly { readonly span?: { readonly line?: number } }[];
  }[];
}

export const rules: Check = {
  name: "rules",
  title: "oxlint finds nothing",
  async run(checkout) {
    // Warnings that nobody must mend are noise: all count.
    const result = await runTool(checkout, "oxlint/bin/oxlint", ["--format=json", "--deny-warnings", "."]);
    const report = parseReport(result.stdout);
    const faults = (report?.diagnostics ?? []).map(({ message, code, filename, labels }) => {
      const line = labels?.[0]?.span?.line;
      return {
        message: code === undefined ? message : `${message} (${code})`,
        ...(filename === undefined ? {} : { file: filename }),
        ...(line === undefined ? {} : { line }),
      };
    });
    if (report === undefined)
      return [{ message: `oxlint gave no report: ${result.stderr || result.stdout}` }];
    return faultsOf("oxlint", result, faults);
  },
};

function parseReport(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}
