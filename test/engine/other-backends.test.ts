/** States that terrane.yaml keeps in another Pulumi backend, through the real engine. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { hasPostgres, startPostgres } from "../support/postgres.ts";
import { applying, environmentText, makeProject, networkBlueprint } from "../support/project.ts";

const environment = environmentText("shop", "platform");
const changed = environment.replace("CC-1", "CC-2");

async function makeShop(url: string) {
  const project = await makeProject({
    "terrane.yaml": `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\nstate: { url: { fromEnv: STATE_URL }, passphrase: { fromEnv: STATE_PASSPHRASE } }\n`,
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/shop.yaml": environment,
  });
  const variables = {
    ...project.context.environment,
    STATE_PASSPHRASE: "passphrase of the backend",
    STATE_URL: url,
  };
  return { project, context: { ...project.context, environment: variables } };
}

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

test.skipIf(!hasPostgres)(
  "Pulumi's own backend on PostgreSQL keeps the states, from the first up to the destroy",
  async () => {
    await using server = await startPostgres();
    const { project, context } = await makeShop(`${await server.createDatabase()}?sslmode=disable`);
    await using _project = project;
    const made = await upEnvironment(context, "shop", applying());
    expect(made.result).toBe("succeeded");
    expect((await upEnvironment(context, "shop", applying())).result).toBe("unchanged");
    expect((await destroyEnvironment(context, "shop", applying())).result).toBe("succeeded");
  },
);
