/**
 * The command line as users run it, with a component type of the tests' own, that ends at a point of its work as if the
 * power had gone: TERRANE_TEST_KILL says where, which time, and who.
 */
import { enableCompileCache } from "node:module";
import { runProcess } from "../../src/cli/edge.ts";
import { platformUseCases, type UseCases } from "../../src/cli/use-cases.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { armKill, type KillWish } from "./kill-points.ts";
import { components, now } from "./kill-world.ts";

enableCompileCache();
const wish = process.env["TERRANE_TEST_KILL"];
if (wish !== undefined) armKill(JSON.parse(wish) as KillWish);

const inWorld = (context: PlatformContext): PlatformContext => ({ ...context, components, now });

await runProcess(
  Object.fromEntries(
    Object.entries(platformUseCases).map(([name, useCase]) => [
      name,
      (context: PlatformContext, ...rest: never[]) =>
        (useCase as (...given: unknown[]) => unknown)(inWorld(context), ...rest),
    ]),
  ) as unknown as UseCases,
);
