/**
 * A process that stays, and brings the environment up whenever it is told to: it stops itself (SIGSTOP) where it is about
 * to take the lease, so that whoever wakes two of them makes them begin at one instant.
 */
import { messageOf, TerraneError } from "../../src/errors.ts";
import { onTrace } from "../../src/model/trace-points.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { canary, components, environment, now, secretVariable } from "./kill-world.ts";
import { applying } from "./project.ts";

/** How one race ended for one of its runners. */
export interface RaceEnd {
  /** `succeeded`, or the code of the error. */
  readonly result: string;
  /** The operation that was carried out, or that holds the lease. */
  readonly operation?: string;
  readonly message?: string;
}

const context: PlatformContext = {
  dir: process.cwd(),
  home: process.env["TERRANE_HOME"] ?? "",
  environment: { ...process.env, [secretVariable]: canary },
  ...{ components, now },
};

onTrace("lease:asked", () => process.kill(process.pid, "SIGSTOP"));

async function race(): Promise<RaceEnd> {
  try {
    const { result, operation } = await upEnvironment(context, environment, applying());
    return { result, ...(operation === undefined ? {} : { operation: operation.id }) };
  } catch (error) {
    const code = error instanceof TerraneError ? error.code : "thrown";
    const holder = error instanceof TerraneError ? error.details["operation"] : undefined;
    return {
      result: code,
      message: messageOf(error),
      ...(holder === undefined ? {} : { operation: `${holder}` }),
    };
  }
}

process.on("message", () => void race().then((end) => process.send?.(end)));
