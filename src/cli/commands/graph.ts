/** `terrane graph`: what stands where and refers to what, as Mermaid, SVG or JSON. */
import { writeFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { type ExitCode, exitCodes, messageOf, TerraneError } from "../../errors.ts";
import type { ReferenceGraph } from "../../platform/api.ts";
import { type Invocation, textArgument, textOption } from "../descriptor.ts";
import { toJson } from "../output/json.ts";
import { line, styled } from "../output/line.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runGraph(session: Session, invocation: Invocation): Promise<ExitCode> {
  const graph = await session.useCases.readGraph(session.context, textArgument(invocation, "name"));
  const file = textOption(invocation, "out");
  const text = await draw(graph, formatOf(session, invocation, file));
  if (file === undefined) {
    session.out.write(text);
    return exitCodes.done;
  }
  const path = resolve(session.settings.dir, file);
  await writeFile(path, text).catch((error: unknown) => {
    throw new TerraneError("permission-denied", `${file} could not be written: ${messageOf(error)}`);
  });
  printAnswer(session, "graph", { file }, () => [line(styled("create", "+ "), file)]);
  return exitCodes.done;
}

function formatOf(session: Session, invocation: Invocation, file: string | undefined): string {
  const ending = file === undefined ? "" : extname(file).slice(1);
  const byEnding = ending === "svg" || ending === "json" ? ending : undefined;
  // With --json alone the answer on stdout is the graph as data.
  const asked = session.settings.json && file === undefined ? "json" : undefined;
  return textOption(invocation, "format") ?? byEnding ?? asked ?? "mermaid";
}

async function draw(graph: ReferenceGraph, format: string): Promise<string> {
  switch (format) {
    case "svg": {
      const { drawSvg } = await import("../output/graph-drawing/svg.ts");
      const { pictureReferences } = await import("../output/graph-drawing/reference-picture.ts");
      return drawSvg(pictureReferences(graph));
    }
    case "json":
      return `${toJson({ format: "terrane.dev/graph/v1", ...graph })}\n`;
    default:
      return (await import("../output/graph-drawing/mermaid.ts")).drawMermaid(graph);
  }
}
