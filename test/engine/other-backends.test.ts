/** States that terrane.yaml keeps in another Pulumi backend, through the real engine. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { upEnvironment } from "../../src/platform/up.ts";
import { environment, makeShop } from "../support/backend-shop.ts";
import { applying } from "../support/project.ts";

const changed = environment.replace("CC-1", "CC-2");

test("a folder keeps the states; an older one that somebody puts back is refused before anything is made again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "terrane-backend-"));
  const [states, backup] = [join(folder, "states"), join(folder, "backup")];
  const { project, context } = await makeShop(pathToFileURL(states).href);
  await using _project = project;
  expect((await upEnvironment(context, "shop", applying())).result).toBe("succeeded");
  await cp(states, backup, { recursive: true });
  await project.write("environments/shop.yaml", changed);
  expect((await upEnvironment(context, "shop", applying())).result).toBe("succeeded");

  await rm(states, { recursive: true });
  await cp(backup, states, { recursive: true });
  await project.write("environments/shop.yaml", environment.replace("CC-1", "CC-3"));
  const refused = await upEnvironment(context, "shop", applying()).then(
    (result) => result.operation?.steps.map(({ message }) => message).join(" ") ?? "",
    (error: Error) => error.message,
  );
  expect(refused).toMatch(/holds state 1 \(\w{12}\) of shop\.virginia\.network; the last one known is 2/);
  await rm(folder, { recursive: true });
});
