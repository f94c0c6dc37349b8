/** What `doctor` and `version` found. */
import type { DoctorCheck, VersionReport } from "../../platform/api.ts";
import { emptyLine, type Line, labelled, line, type Style, styled, textWidth } from "./line.ts";
import { plural } from "./names.ts";
import { formatTable } from "./table.ts";

const looks: { readonly [S in DoctorCheck["status"]]: { readonly sign: string; readonly style: Style } } = {
  ok: { sign: "✓", style: "good" },
  warning: { sign: "!", style: "warning" },
  problem: { sign: "✗", style: "error" },
};

export function doctorLines(checks: readonly DoctorCheck[], width: number): readonly Line[] {
  const problems = checks.filter((check) => check.status === "problem").length;
  const warnings = checks.filter((check) => check.status === "warning").length;
  const rest = checks.filter((check) => check.next !== undefined && check.status !== "ok");
  const table = formatTable(
    [
      { heading: "" },
      { heading: "CHECK" },
      { heading: "VALUE", shrinkTo: 12 },
      { heading: "FROM", shrinkTo: 7, goesAt: 1 },
    ],
    checks.map((check) => [
      line(styled(looks[check.status].style, looks[check.status].sign)),
      line(check.name),
      line(check.value),
      line(styled("faint", check.origin ?? "")),
    ]),
    width,
  );
  return [
    ...table,
    ...(rest.length === 0 ? [] : [emptyLine]),
    ...rest.flatMap((check) =>
      labelled(
        styled(looks[check.status].style, `${looks[check.status].sign} ${check.name}  `),
        check.next ?? "",
        width,
      ),
    ),
    emptyLine,
    problems > 0
      ? line(styled("error", `✗ ${plural(problems, "problem")}`), `, ${plural(warnings, "warning")}`)
      : line(styled("good", "✓"), warnings > 0 ? ` ready, ${plural(warnings, "warning")}` : " ready"),
  ];
}

export function versionLines(report: VersionReport): readonly Line[] {
  const engine =
    report.engine.found === undefined
      ? `${report.engine.pinned} wanted, none found`
      : report.engine.found === report.engine.pinned
        ? report.engine.found
        : `${report.engine.found} found, ${report.engine.pinned} wanted`;
  const rows: readonly (readonly [string, string, string])[] = [
    ["terrane", report.terrane, ""],
    ["node", report.node, ""],
    ["engine", engine, report.engine.path ?? ""],
    ...Object.entries(report.sdks).map(([name, version]) => [name, version, ""] as const),
  ];
  const column = Math.max(...rows.map(([name]) => textWidth(name)));
  return rows.map(([name, version, path]) =>
    line(
      styled("strong", name.padEnd(column)),
      `  ${version}`,
      styled("faint", path === "" ? "" : `  ${path}`),
    ),
  );
}
