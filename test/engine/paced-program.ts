/**
 * The command line as users run it, with simulated clouds that take their time, so that it can be interrupted half way.
 * `TERRANE_TEST_PACE` is in milliseconds for each second of the real cloud.
 */
import { writeFileSync } from "node:fs";
import { runProcess } from "../../src/cli/edge.ts";
import { platformUseCases } from "../../src/cli/use-cases.ts";
import type { PlatformContext } from "../../src/platform/context.ts";

const pace = Number(process.env["TERRANE_TEST_PACE"] ?? 0);
const pidFile = process.env["TERRANE_TEST_PID_FILE"];
if (pidFile !== undefined) writeFileSync(pidFile, `${process.pid}`);

function paced(context: PlatformContext): PlatformContext {
  return { ...context, pace, now: () => new Date("2026-11-21T12:00:00Z") };
}

await runProcess({
  ...platformUseCases,
  planEnvironment: (context, name, options) =>
    platformUseCases.planEnvironment(paced(context), name, options),
  upEnvironment: (context, name, options) => platformUseCases.upEnvironment(paced(context), name, options),
  destroyEnvironment: (context, name, options) =>
    platformUseCases.destroyEnvironment(paced(context), name, options),
});
