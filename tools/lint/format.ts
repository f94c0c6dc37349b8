/** Formatting and the order of imports are biome's. */
import { type Check, type Fault, faultsOf, runTool } from "./check.ts";

interface Report {
  readonly diagnostics: readonly {
    readonly category?: string;
    readonly message?: string | readonly { readonly content: string }[];
    readonly location?: { readonly path?: string | { readonly file?: string } | null };
  }[];
}

export const format: Check = {
  name: "format",
  title: "files are formatted and imports are sorted",
  async run(checkout) {
    const args = ["ci", "--linter-enabled=false", "--reporter=json", "--max-diagnostics=none", "."];
    const result = await runTool(checkout, "@biomejs/biome/bin/biome", args);
    return faultsOf("biome", result, parseFaults(result.stdout));
  },
};

function parseFaults(output: string): Fault[] {
  let report: Report;
  try {
    report = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) as Report;
  } catch {
    return [];
  }
  return report.diagnostics.map(({ category, message, location }) => {
    const path = location?.path;
    const file = typeof path === "string" ? path : path?.file;
    const text = typeof message === "string" ? message : (message ?? []).map((part) => part.content).join("");
    const mend = "run `npx biome check --linter-enabled=false --write` on it";
    return {
      message: `${(text || category || "not formatted").replace(/\.$/, "")}: ${mend}`,
      ...(file === undefined ? {} : { file }),
    };
  });
}
