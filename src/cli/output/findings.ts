/** Findings of policies: what is denied first, then warnings, then what cannot be judged yet. */
import type { Finding } from "../../model/finding.ts";
import { joinSpans, type Line, labelled, line, type Span, styled } from "./line.ts";

/** Whether a finding stops the change. */
export function isDenied(finding: Finding): boolean {
  return finding.verdict === "fail" && finding.severity === "deny";
}

export function findingLines(findings: readonly Finding[], width: number): readonly Line[] {
  const denied = findings.filter(isDenied);
  const warned = findings.filter((finding) => finding.verdict === "fail" && finding.severity === "warn");
  const open = findings.filter((finding) => finding.verdict === "undetermined");
  if (findings.length === 0) return [];
  const passed = findings.length - denied.length - warned.length - open.length;
  const summary = joinSpans([
    ...(denied.length > 0 ? [styled("error", `${denied.length} DENIED`)] : []),
    ...(warned.length > 0 ? [styled("warning", `${warned.length} warned`)] : []),
    ...(open.length > 0 ? [{ text: `${open.length} undetermined until up` }] : []),
    ...(passed > 0 ? [{ text: `${passed} passed` }] : []),
  ]);
  return [
    [styled("strong", "Policies"), { text: "  " }, ...summary],
    ...denied.flatMap((finding) => formatFinding(finding, styled("error", "  ✗ deny  "), width)),
    ...warned.flatMap((finding) => formatFinding(finding, styled("warning", "  ! warn  "), width)),
  ];
}

function formatFinding(finding: Finding, label: Span, width: number): readonly Line[] {
  const property = finding.property === undefined ? "" : ` ${finding.property}`;
  return [
    line(label, styled("strong", finding.rule)),
    ...labelled({ text: "    on    " }, `${finding.resource}${property}  (${finding.stack})`, width),
    ...labelled({ text: "    why   " }, finding.why, width),
    ...labelled({ text: "    mend  " }, finding.mend, width),
  ];
}
