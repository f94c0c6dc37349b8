/** What has new keys now. */
import type { RotatedKeys } from "../../platform/rotate-keys.ts";
import { emptyLine, type Line, line, styled } from "./line.ts";
import { plural } from "./names.ts";
import { formatTable } from "./table.ts";

export function rotatedLines({ opener, stacks, next }: RotatedKeys, width: number): readonly Line[] {
  const opened =
    opener === undefined
      ? []
      : [line(`The keys of ${plural(opener.stacks, "stack")} open with ${opener.name} alone, from now on.`)];
  const table =
    stacks.length === 0
      ? []
      : formatTable(
          [{ heading: "NEW DATA KEY", shrinkTo: 12 }, { heading: "SECRETS SEALED ANEW" }],
          stacks.map(({ name, secrets }) => [line(styled("strong", name)), line(String(secrets))]),
          width,
        );
  if (opener === undefined && stacks.length === 0) return [line("No stack has secrets.")];
  return [...opened, ...table, ...(next === undefined ? [] : [emptyLine, line(next)])];
}
