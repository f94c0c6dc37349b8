/** What each environment is locked to, and what has moved. */
import type { LockedEnvironment } from "../../platform/api.ts";
import { emptyLine, type Line, line, type Style, styled } from "./line.ts";
import { formatTable } from "./table.ts";

const words: {
  readonly [C in LockedEnvironment["change"]]: { readonly text: string; readonly style: Style };
} = {
  new: { text: "+ new", style: "create" },
  moved: { text: "~ moved", style: "update" },
  renewed: { text: "~ renewed", style: "update" },
  none: { text: "= kept", style: "faint" },
};

export function lockLines(environments: readonly LockedEnvironment[], width: number): readonly Line[] {
  if (environments.length === 0) return [line("The project has no environment to lock.")];
  const table = formatTable(
    [
      { heading: "LOCK" },
      { heading: "ENVIRONMENT", shrinkTo: 12 },
      { heading: "BLUEPRINT", shrinkTo: 10 },
      { heading: "VERSION" },
      { heading: "FROM", shrinkTo: 12 },
    ],
    environments.map((each) => [
      line(styled(words[each.change].style, words[each.change].text)),
      line(styled("strong", each.environment)),
      line(each.blueprint),
      line(
        each.change === "moved" && each.before !== undefined
          ? `${each.before} → ${each.version}`
          : each.version,
      ),
      line(each.source),
    ]),
    width,
  );
  const written = environments.filter((each) => each.change !== "none");
  if (written.length === 0) return table;
  const files = written.map((each) => each.file).join(", ");
  const [first] = written;
  const next = written.length === 1 && first !== undefined ? ` ${first.environment}` : "";
  return [...table, emptyLine, line(`Commit ${files}. `, styled("faint", `Next: terrane plan${next}`))];
}
