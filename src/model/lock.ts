/** The lock of an environment: which text of its blueprint it is held to; and the repositories that may hold one. */
import { z } from "zod";
import { header } from "./header.ts";
import { blueprintName, documentName, semanticVersion } from "./text.ts";

/** Where the text of a locked blueprint stands. */
const blueprintOriginSchema = z.union([
  z.strictObject({ file: z.string().min(1).max(4096).describe("File below the project.") }),
  z.strictObject({
    git: z.string().min(1).max(2000).describe("Repository, as terrane.yaml names it."),
    tag: z.string().min(1).max(250).describe("Tag of the version."),
    commit: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "the commit's full hash")
      .describe("Commit that the tag led to."),
    file: z.string().min(1).max(4096).describe("File within the repository."),
  }),
]);
export type BlueprintOrigin = z.infer<typeof blueprintOriginSchema>;

export const lockSchema = z.strictObject({
  ...header("Lock"),
  metadata: z
    .strictObject({ name: documentName.describe("Name of the environment.") })
    .describe("The environment that is locked."),
  blueprint: z
    .strictObject({
      name: blueprintName.describe("Name of the blueprint."),
      range: z.string().min(1).max(200).describe("Range that the version was chosen from."),
      version: semanticVersion.describe("Version that the environment is made from."),
      source: blueprintOriginSchema.describe("Where its text stands."),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")
        .describe("SHA-256 of its text, lines ended by a line feed."),
    })
    .describe("What `blueprint` of the environment led to."),
});
export type Lock = z.infer<typeof lockSchema>;

export const gitSourceSchema = z
  .strictObject({
    git: z
      .string()
      .min(1)
      .max(2000)
      .describe("Repository: an https or ssh URL, or a path below the project or from the root on."),
    path: z.string().min(1).max(400).default("blueprints").describe("Folder of the repository."),
    tags: z
      .string()
      .regex(/^[^*]*\*[^*]*$/, "one `*`, which stands for the version")
      .max(100)
      .default("v*")
      .describe("Tags of versions: `*` stands for the version, `<name>` for the blueprint's name."),
  })
  .describe("Blueprints of a git repository, by its tags.");
export type GitSource = z.infer<typeof gitSourceSchema>;
