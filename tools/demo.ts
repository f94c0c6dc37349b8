/**
 * `npm run demo`: brings environments/demo.yaml up on the simulated clouds, slowed down so that a person sees it move.
 * Everything else is what `terrane up demo --yes` does.
 */
import { processIo } from "../src/cli/edge.ts";
import { run } from "../src/cli/main.ts";
import { platformUseCases } from "../src/cli/use-cases.ts";

/** Milliseconds for each second that the real cloud would take: an EKS cluster's ten minutes become four seconds. */
const pace = 7;

process.exitCode = await run(["up", "demo", "--yes", ...process.argv.slice(2)], processIo(), {
  ...platformUseCases,
  upEnvironment: (context, ...given) => platformUseCases.upEnvironment({ ...context, pace }, ...given),
});
