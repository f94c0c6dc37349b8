/**
 * The command line as users run it, with a component type of the tests' own, that ends at a point of its work as if the
 * power had gone: TERRANE_TEST_KILL says where, which time, and who. TERRANE_TEST_PATIENCE: how long it waits for a
 * database, in milliseconds. TERRANE_TEST_GROUP: file of a memory group that it goes into with all that it starts.
 */
import { writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { runProcess } from "../../src/cli/edge.ts";
import { platformUseCases, type UseCases } from "../../src/cli/use-cases.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { armKill, type KillWish } from "./kill-points.ts";
import { components, now } from "./kill-world.ts";

enableCompileCache();
const group = process.env["TERRANE_TEST_GROUP"];
if (group !== undefined) writeFileSync(group, `${process.pid}`);
const wish = process.env["TERRANE_TEST_KILL"];
if (wish !== undefined) armKill(JSON.parse(wish) as KillWish);

const patience = process.env["TERRANE_TEST_PATIENCE"];
const inWorld = (context: PlatformContext): PlatformContext => ({
  ...context,
  ...{ components, now },
  ...(patience === undefined ? {} : { patience: Number(patience) }),
});

await runProcess(
  Object.fromEntries(
    Object.entries(platformUseCases).map(([name, useCase]) => [
      name,
      (context: PlatformContext, ...rest: never[]) =>
        (useCase as (...given: unknown[]) => unknown)(inWorld(context), ...rest),
    ]),
  ) as unknown as UseCases,
);
