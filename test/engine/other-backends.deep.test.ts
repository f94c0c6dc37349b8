/** States that terrane.yaml keeps in another Pulumi backend on a server, through the real engine. */
import { expect, test } from "vitest";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { makeShop } from "../support/backend-shop.ts";
import { startBucketServer } from "../support/bucket-server.ts";
import { hasPostgres, startPostgres } from "../support/postgres.ts";
import { applying } from "../support/project.ts";

test.skipIf(!hasPostgres)("Pulumi's own backend on PostgreSQL keeps the states of a whole life", async () => {
  await using server = await startPostgres();
  await live(`${await server.createDatabase()}?sslmode=disable`);
});

test("a bucket keeps the states of a whole life", async () => {
  await using server = await startBucketServer();
  await live(server.url, server.variables);
});

/** From the first up to the destroy. */
async function live(url: string, variables: Readonly<Record<string, string>> = {}): Promise<void> {
  const { project, context } = await makeShop(url, variables);
  await using _project = project;
  const made = await upEnvironment(context, "shop", applying());
  expect(made.result).toBe("succeeded");
  expect((await upEnvironment(context, "shop", applying())).result).toBe("unchanged");
  expect((await destroyEnvironment(context, "shop", applying())).result).toBe("succeeded");
}
