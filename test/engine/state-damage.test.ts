/** Damaged, edited and foreign states through the real engine: refused before anything is called, and mended as told. */
import { join } from "node:path";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { expect, test } from "vitest";
import { platformUseCases } from "../../src/cli/use-cases.ts";
import type { TerraneError } from "../../src/errors.ts";
import { ledgerMigrations } from "../../src/ledger/migrations.ts";
import type { Plan } from "../../src/model/plan.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { openDatabase } from "../../src/sql/open.ts";
import type { VersionedDeployment } from "../../src/state/deployment/deployment.ts";
import { editState } from "../support/edit-state.ts";
import { applying, environmentText, makeProject, type TestProject } from "../support/project.ts";
import { runFake } from "../unit/cli/fakes.ts";

const stack = "shop.virginia.network";
const compress = promisify(zstdCompress);

const blueprint = `apiVersion: terrane.dev/v1
kind: Blueprint
metadata: { name: platform, version: "1.0.0" }
sites:
  virginia: { cloud: aws, region: us-east-1, runner: inside }
components:
  vpc: { type: vpc, zones: 2 }
`;

interface Newest {
  readonly bytes: Uint8Array;
  readonly text: string;
}

async function readNewest({ context }: TestProject): Promise<Newest> {
  await using project = await openProject(context);
  const stacks = await project.app.stacks();
  const [row] = await stacks.reading.database.read<{ bytes: Uint8Array }>(
    "SELECT bytes FROM checkpoints ORDER BY serial DESC LIMIT 1",
  );
  const text = await stacks.checkpoint({ project: "terrane", name: stack }).catch(() => undefined);
  return { bytes: row?.bytes ?? new Uint8Array(), text: text?.text.toString("utf8") ?? "" };
}

/** Past everything that guards it. */
async function overwrite(shop: TestProject, bytes: Uint8Array): Promise<void> {
  const database = await openDatabase({
    path: join(shop.dir, ".terrane", "ledger.sqlite"),
    migrations: ledgerMigrations,
  });
  await database.write([
    {
      sql: "UPDATE checkpoints SET bytes = ? WHERE serial = (SELECT max(serial) FROM checkpoints)",
      parameters: [bytes],
      expect: 1,
    },
  ]);
  await database.close();
}

/** As a person would who knows the format, and thinks of the digest of none. */
async function tamper(shop: TestProject, from: RegExp, to: string): Promise<void> {
  const { text } = await readNewest(shop);
  const edited = text.replace(from, to);
  if (edited === text) throw new Error("nothing to edit");
  await overwrite(shop, await compress(Buffer.from(edited)));
}

const last = (edit: object) => (state: VersionedDeployment) => {
  const resources = [...(state.deployment.resources ?? [])];
  const resource = resources.pop();
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: [...resources, { ...resource, ...edit } as typeof resource & {}],
    },
  };
};

const damages: readonly (readonly [string, string, RegExp, (shop: TestProject) => Promise<void>])[] = [
  [
    "cut short",
    "state-corrupt",
    /cannot be unpacked/,
    async (shop) => overwrite(shop, (await readNewest(shop)).bytes.slice(0, -40)),
  ],
  ["of zero bytes", "state-corrupt", /cannot be unpacked/, (shop) => overwrite(shop, new Uint8Array())],
  [
    "with a flipped byte",
    "state-corrupt",
    /cannot be unpacked|is not what was saved/,
    async (shop) => {
      const bytes = Uint8Array.from((await readNewest(shop)).bytes);
      bytes[20] = (bytes[20] ?? 0) ^ 0xff;
      await overwrite(shop, bytes);
    },
  ],
  [
    "with a dangling parent",
    "state-corrupt",
    /does not hold together: \/resources\/\d+\/parent: .* refers to urn:pulumi:gone, which is not in the state/,
    (shop) => editState(shop, stack, last({ parent: "urn:pulumi:gone" })),
  ],
  [
    "with a dangling provider",
    "state-corrupt",
    /does not hold together: \/resources\/\d+\/provider: .* needs the provider/,
    (shop) =>
      editState(
        shop,
        stack,
        last({ provider: `urn:pulumi:${stack}::terrane::pulumi:providers:aws::gone::1` }),
      ),
  ],
  [
    "edited by hand: an id",
    "state-tampered",
    /changed by hand.*: id "vpc-[^"]*" → "vpc-0000"/,
    (shop) => tamper(shop, /"id":"vpc-[^"]*"/, '"id":"vpc-0000"'),
  ],
  [
    "edited by hand: protect",
    "state-tampered",
    /changed by hand.*: protect nothing → true/,
    (shop) => tamper(shop, /"custom":true,"id":"vpc-/, '"custom":true,"protect":true,"id":"vpc-'),
  ],
];

test("no damaged state is built on; the command shown brings the newest good one back, and up ends with nothing to do", {
  timeout: 240_000,
}, async () => {
  await using shop = await makeProject({
    "blueprints/platform/blueprint.yaml": blueprint,
    "environments/shop.yaml": environmentText("shop", "platform"),
  });
  const up = async () => {
    const { result, plan } = await upEnvironment(shop.context, "shop", applying());
    expect(["succeeded", "unchanged"]).toContain(result);
    return changesOf(plan);
  };
  const objects = async () => (await listObjects(shop.context, {})).map(({ type, id }) => `${type} ${id}`);
  await up();
  let costCenter = 1;
  // A tag: what differs between two checkpoints, and makes the next up read the state.
  const changeTag = () =>
    shop.write(
      "environments/shop.yaml",
      environmentText("shop", "platform").replace(/CC-\d+/, `CC-${++costCenter}`),
    );
  await changeTag();
  expect(await up()).toBeGreaterThan(0);
  const before = await objects();

  for (const [what, code, message, damage] of damages) {
    await damage(shop);
    await changeTag();
    const refused: TerraneError = await upEnvironment(shop.context, "shop", applying()).then(
      () => undefined,
      (error) => error,
    );
    expect(refused, what).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(refused.next, what).toMatch(new RegExp(`^terrane state restore ${stack} --serial \\d+$`));
    expect(await objects(), what).toEqual(before);
    const pasted = await runFake(["-C", shop.dir, ...refused.next.split(" ").slice(1)], platformUseCases);
    expect(pasted, `${what}: ${pasted.stderr}`).toMatchObject({ code: 0 });
    expect(await up(), what).toBeGreaterThan(0);
    expect(await up(), what).toBe(0);
    expect(await objects(), what).toEqual(before);
  }

  await editState(shop, stack, (state) => ({ ...state, version: 4, features: ["teleport"] }));
  await changeTag();
  const newer = await readNewest(shop);
  await expect(upEnvironment(shop.context, "shop", applying())).rejects.toMatchObject({
    code: "state-newer",
    message: expect.stringMatching(/needs teleport; this release knows/),
  });
  expect(await readNewest(shop)).toEqual(newer);
  await editState(shop, stack, ({ deployment }) => ({ version: 3, deployment }));

  expect((await destroyEnvironment(shop.context, "shop", applying())).result).toBe("succeeded");
  expect(await objects()).toEqual([]);
});

function changesOf({ counts }: Plan): number {
  return counts.create + counts.update + counts.replace + counts.delete;
}
