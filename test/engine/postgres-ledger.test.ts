/** An environment whose ledger and states stand on a PostgreSQL server, from its first up to its end. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAudit, verifyAudit } from "../../src/platform/audit.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { readStatus } from "../../src/platform/status.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { hasPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";
import { projectOnServer, variablesFor } from "../support/server-project.ts";

describe.skipIf(!hasPostgres)("an environment on a PostgreSQL ledger", () => {
  let server: PostgresServer;
  let project: TestProject;
  let context: PlatformContext;

  beforeAll(async () => {
    server = await startPostgres();
    project = await makeProject({
      "terrane.yaml": projectOnServer,
      "blueprints/shop/blueprint.yaml": [
        "apiVersion: terrane.dev/v1",
        "kind: Blueprint",
        'metadata: { name: shop, version: "1.0.0" }',
        "sites: { virginia: { cloud: aws, region: us-east-1 } }",
        "components:",
        "  vpc: { type: vpc, zones: 2, natGateways: none }",
        "  orders: { type: postgres, network: vpc }",
        "",
      ].join("\n"),
      "environments/shop.yaml": environmentText("shop", "shop"),
    });
    const variables = variablesFor(await server.createDatabase());
    context = { ...project.context, environment: { ...project.context.environment, ...variables } };
  });
  afterAll(async () => {
    await project[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("comes up, and a restart of the server between its stacks does not show", async () => {
    const options = applying();
    let restarted: Promise<void> | undefined;
    const result = await upEnvironment(context, "shop", {
      ...options,
      emit: (event) => {
        if (event.type === "stack:end") restarted ??= server.crash();
      },
    });
    await restarted;
    expect(restarted).toBeDefined();
    expect(result.result).toBe("succeeded");
    expect(Object.keys(result.resources)).toEqual(["shop.virginia.network", "shop.virginia.data"]);
    expect(await readStatus(context)).toMatchObject([{ record: { name: "shop", status: "ready" } }]);
  });

  it("is unchanged when it is brought up again", async () => {
    expect((await upEnvironment(context, "shop", applying())).result).toBe("unchanged");
  });

  it("goes, leaves an audit that fits, and nothing of it on this machine", async () => {
    expect((await destroyEnvironment(context, "shop", applying())).result).toBe("succeeded");
    expect(await readStatus(context)).toEqual([]);
    const records = (await listAudit(context, { environment: "shop" })).map(({ what, facts }) => [
      what,
      facts?.["status"],
    ]);
    expect(records.at(0)).toEqual(["operation ended", "succeeded"]);
    expect(records.at(-1)).toEqual(["operation begun", undefined]);
    expect(await verifyAudit(context)).toMatchObject({ records: records.length, unnamed: 0 });
    expect((await verifyAudit(context)).broken).toBeUndefined();
    expect(
      readdirSync(join(project.dir, ".terrane"), { recursive: true }).filter((name) =>
        /ledger|state/.test(String(name)),
      ),
    ).toEqual([]);
  });
});
