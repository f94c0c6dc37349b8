/**
 * State in a folder: Pulumi's own file layout, so that a plain `pulumi login file://…` reads it too. It has no lease
 * of its own; the ledger's lease on the environment keeps writers apart.
 */
import { createHash, randomBytes } from "node:crypto";
import { cp, link, mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { TerraneError } from "../errors.ts";
import { Secret } from "../values/secret.ts";
import type { AccessLease, StateStore, StateSummary } from "./store.ts";

/** Pulumi project of every stack. */
const project = "terrane";

/** The parts of a checkpoint that are read here; everything else is left to the engine. */
const checkpointSchema = z.object({
  checkpoint: z.object({
    latest: z
      .object({
        resources: z
          .array(
            z.object({
              urn: z.string(),
              type: z.string(),
              custom: z.boolean().default(false),
              id: z.string().optional(),
              parent: z.string().optional(),
              protect: z.boolean().default(false),
              outputs: z.record(z.string(), z.unknown()).default({}),
            }),
          )
          .default([]),
        pending_operations: z
          .array(z.object({ resource: z.object({ urn: z.string() }), type: z.string() }))
          .default([]),
      })
      .nullish(),
  }),
});

/** Names that the clouds' SDKs have for one and the same: the cloud refuses to delete it. */
const protections = ["deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection"] as const;

export interface StateFolderOptions {
  /** Absolute path; made when missing. */
  readonly root: string;
  /** Without it, a key made once beside the state serves. */
  readonly passphrase?: Secret<string>;
}

export async function openStateFolder(options: StateFolderOptions): Promise<StateStore> {
  const { root } = options;
  await mkdir(join(root, "settings"), { recursive: true, mode: 0o700 });
  const passphrase = options.passphrase ?? (await readOrMakeKey(join(root, "key")));
  const stackFile = (base: string, stack: string) =>
    join(base, ".pulumi", "stacks", project, `${stack}.json`);
  const settingsFolder = (base: string, stack: string) => join(base, "settings", stack);

  const read = async (stack: string): Promise<StateSummary | undefined> => {
    const text = await readIfThere(stackFile(root, stack));
    return text === undefined ? undefined : parseCheckpoint(stack, text);
  };

  return {
    async open(stack): Promise<AccessLease> {
      const settings = settingsFolder(root, stack);
      await mkdir(settings, { recursive: true, mode: 0o700 });
      const exists = (await readIfThere(stackFile(root, stack))) !== undefined;
      return {
        access: { url: pathToFileURL(root).href, passphrase, settingsFolder: settings, exists },
        [Symbol.asyncDispose]: async () => {},
      };
    },

    async openCopy(stack): Promise<AccessLease> {
      const copy = await mkdtemp(join(tmpdir(), "terrane-state-"));
      const settings = settingsFolder(copy, stack);
      await mkdir(settings, { recursive: true, mode: 0o700 });
      const text = await readIfThere(stackFile(root, stack));
      if (text !== undefined) {
        await mkdir(join(copy, ".pulumi", "stacks", project), { recursive: true });
        await writeFile(stackFile(copy, stack), text);
        await cp(settingsFolder(root, stack), settings, { recursive: true, force: true }).catch(
          ignoreMissing,
        );
        await cp(join(root, ".pulumi", "meta.yaml"), join(copy, ".pulumi", "meta.yaml")).catch(ignoreMissing);
      }
      return {
        access: {
          url: pathToFileURL(copy).href,
          passphrase,
          settingsFolder: settings,
          exists: text !== undefined,
        },
        [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
      };
    },

    read,

    async remove(stack) {
      await rm(settingsFolder(root, stack), { recursive: true, force: true });
      for (const suffix of ["", ".attrs", ".bak", ".bak.attrs"])
        await rm(`${stackFile(root, stack)}${suffix}`, { force: true });
    },
  };
}

function parseCheckpoint(stack: string, text: Buffer): StateSummary {
  const digest = createHash("sha256").update(text).digest("hex");
  let json: unknown;
  try {
    json = JSON.parse(text.toString("utf8"));
  } catch (cause) {
    throw new TerraneError("state-corrupt", `the state of ${stack} is not JSON`, { cause });
  }
  const parsed = checkpointSchema.safeParse(json);
  if (!parsed.success) {
    throw new TerraneError("state-corrupt", `the state of ${stack} is not a Pulumi checkpoint`, {
      cause: parsed.error,
    });
  }
  const latest = parsed.data.checkpoint.latest;
  return {
    digest,
    resources: (latest?.resources ?? []).map(({ urn, type, custom, id, parent, protect, outputs }) => ({
      urn,
      type,
      custom,
      protect,
      deletionProtected: protections.some((name) => outputs[name] === true),
      ...(id === undefined ? {} : { id }),
      ...(parent === undefined ? {} : { parent }),
    })),
    pending: (latest?.pending_operations ?? []).map((each) => ({
      urn: each.resource.urn,
      operation: each.type,
    })),
  };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

/** Two processes that start at once agree on one key: it is written whole, then linked into place exclusively. */
async function readOrMakeKey(path: string): Promise<Secret<string>> {
  const found = await readIfThere(path);
  if (found !== undefined) return new Secret(found.toString("utf8").trim());
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(aside, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString("base64url")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(aside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(aside, { force: true });
  return readOrMakeKey(path);
}
