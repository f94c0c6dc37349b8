/** Nothing lies about: every file, export and dependency is used (knip, configured in knip.json). */
import { type Check, type Fault, faultsOf, runTool } from "./check.ts";

interface Item {
  readonly name: string;
  readonly line?: number;
}

type Issues = { readonly file: string } & Readonly<Record<string, unknown>>;

const words: Readonly<Record<string, string>> = {
  files: "is used by nothing",
  dependencies: "unused dependency",
  devDependencies: "unused development dependency",
  unlisted: "dependency not in package.json",
  binaries: "program of no dependency",
  unresolved: "import that leads nowhere",
  exports: "unused export",
  types: "unused exported type",
  duplicates: "exported twice",
  enumMembers: "unused member",
};

export const unused: Check = {
  name: "unused",
  title: "knip finds no unused file, export or dependency",
  async run(checkout) {
    const result = await runTool(checkout, "knip/bin/knip.js", ["--reporter", "json", "--no-progress"]);
    let issues: readonly Issues[];
    try {
      issues = (JSON.parse(result.stdout) as { issues: readonly Issues[] }).issues;
    } catch {
      return [{ message: `knip gave no report: ${(result.stderr || result.stdout).trim()}` }];
    }
    return faultsOf("knip", result, issues.flatMap(toFaults));
  },
};

function toFaults(issues: Issues): Fault[] {
  return Object.entries(words).flatMap(([kind, word]) => {
    const items = issues[kind];
    if (!Array.isArray(items)) return [];
    return (items as (Item | readonly Item[])[]).map((item): Fault => {
      const first = Array.isArray(item) ? (item as readonly Item[])[0] : (item as Item);
      const named = kind === "files" ? word : `${word}: ${first?.name ?? "?"}`;
      return {
        file: issues.file,
        message: named,
        ...(first?.line === undefined ? {} : { line: first.line }),
      };
    });
  });
}
