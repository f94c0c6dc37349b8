/**
 * What an engine says while it works, one entry a step begun or ended. An entry that says something which this release
 * does not know is refused, never obeyed by half: what it left out would be missing in the state.
 * Source: `JournalEntry` of `sdk/go/common/apitype/journal.go`, 3.250.0 (read 2026-11-21).
 */
import { z } from "zod";
import { TerraneError } from "../../errors.ts";
import {
  begunOperationSchema,
  deployedResourceSchema,
  deploymentSchema,
  secretsProviderSchema,
  snippetSchema,
} from "./deployment.ts";

/** Numbers of the kinds on the wire. */
export const entryKinds = {
  begin: 0,
  success: 1,
  failure: 2,
  refreshSuccess: 3,
  outputs: 4,
  write: 5,
  secretsManager: 6,
  rebuiltBaseState: 7,
  extensionParameterize: 8,
  snippets: 9,
} as const;

const actions = {
  creating: "create",
  updating: "update",
  deleting: "delete",
  reading: "read",
  importing: "import",
} as const;

/** What an operation that was begun does, in the word of a plan. Source: `OperationType` of `apitype/core.go`, 3.250.0. */
export function actionOf(operation: string): (typeof actions)[keyof typeof actions] | undefined {
  return (actions as Readonly<Record<string, (typeof actions)[keyof typeof actions]>>)[operation];
}

/** Version of the entries. */
const entryVersion = 1;

const index = z.int().min(0).nullish();

const entrySchema = z.strictObject({
  version: z.literal(entryVersion),
  kind: z.literal(Object.values(entryKinds)),
  /** 1, 2, … within an update; 0 where an engine does not count. */
  sequenceID: z.int().min(0),
  /** What an entry belongs to; 0 for those that belong to no step. */
  operationID: z.int().min(0),
  /** `…Old`: index of a resource in the base; `…New`: the operation of this update that made the resource. */
  removeOld: index,
  removeNew: index,
  pendingReplacementOld: index,
  pendingReplacementNew: index,
  deleteOld: index,
  deleteNew: index,
  state: deployedResourceSchema.nullish(),
  operation: begunOperationSchema.nullish(),
  isRefresh: z.boolean().nullish(),
  secretsProvider: secretsProviderSchema.nullish(),
  snippets: z.array(snippetSchema).nullish(),
  newSnapshot: deploymentSchema.nullish(),
  extensionRef: z.string().nullish(),
  extension: z.unknown().optional(),
});
export type JournalEntry = Readonly<z.infer<typeof entrySchema>>;

const headSchema = z.looseObject({ version: z.int(), kind: z.int() });

/**
 * One entry as the engine sent it; the value itself comes back.
 * @throws TerraneError `state-newer` for a version, kind or field that is not known; `state-corrupt` for what is no entry
 */
export function parseEntry(json: unknown): JournalEntry {
  const parsed = entrySchema.safeParse(json);
  if (parsed.success) return json as JournalEntry;
  const head = headSchema.safeParse(json);
  if (!head.success) throw new TerraneError("state-corrupt", "what the engine sent is no journal entry");
  const unknown = unknownIn(head.data, parsed.error);
  if (unknown !== undefined) {
    throw new TerraneError("state-newer", `the engine sent a journal entry with ${unknown}`);
  }
  const [issue] = parsed.error.issues;
  throw new TerraneError(
    "state-corrupt",
    `the engine sent a journal entry that cannot be read: ${issue?.path.join(".")}: ${issue?.message}`,
    { cause: parsed.error },
  );
}

function unknownIn(head: z.infer<typeof headSchema>, error: z.ZodError): string | undefined {
  if (head.version !== entryVersion) {
    return `version ${head.version}; this release knows version ${entryVersion}`;
  }
  if (!Object.values<number>(entryKinds).includes(head.kind)) return `kind ${head.kind}, which is not known`;
  const keys = error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  return keys.length === 0 ? undefined : `fields that are not known: ${keys.join(", ")}`;
}
