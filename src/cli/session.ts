/** What a command is given: settings, where to print, the use cases, and the time it has. */
import type { PlatformContext } from "../platform/context.ts";
import type { Io } from "./io.ts";
import { toJson } from "./output/json.ts";
import type { Line } from "./output/line.ts";
import type { Printer } from "./printer.ts";
import type { Settings } from "./settings.ts";
import type { UseCases } from "./use-cases.ts";

export interface Session {
  readonly io: Io;
  readonly settings: Settings;
  readonly context: PlatformContext;
  readonly useCases: UseCases;
  /** Answers. */
  readonly out: Printer;
  /** Messages: progress, questions, errors, hints. */
  readonly err: Printer;
}

/**
 * Prints an answer: one JSON object where asked for, a screen otherwise.
 * @param screen called with the width of stdout
 */
export function printAnswer(
  session: Session,
  verb: string,
  answer: object,
  screen: (width: number) => readonly Line[],
): void {
  if (session.settings.json) {
    session.out.write(`${toJson({ format: `terrane.dev/${verb}/v1`, ...answer })}\n`);
    return;
  }
  session.out.print(screen(session.out.width()));
}
