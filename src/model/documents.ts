/**
 * The zod schemas of the documents a user writes: Blueprint, Environment, AddressPool and Project (terrane.yaml).
 * They say what a document may hold by itself; whether its references lead anywhere is for `src/blueprint`.
 */

import { z } from "zod";
import { header } from "./header.ts";
import { budgetSchema, scheduleSchema } from "./lifetime.ts";
import { gitSourceSchema, lockSchema } from "./lock.ts";
import { retentionSchema } from "./retention.ts";
import { secretReferenceSchema } from "./secret-reference.ts";
import {
  addressRange,
  blueprintName,
  databaseUrl,
  documentName,
  duration,
  parameterName,
  semanticVersion,
  tagKey,
  tagValue,
  template,
} from "./text.ts";
import { addressPurposes, clouds, environmentClasses, roles } from "./words.ts";

/** A value that may hold `${…}`: text, number, truth value, or lists and mappings of them. */
const field: z.ZodType<FieldValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(field), z.record(z.string(), field)]),
);
export type FieldValue = null | boolean | number | string | FieldValue[] | { [key: string]: FieldValue };

export const parameterSchema = z
  .strictObject({
    type: z.enum(["string", "integer", "number", "boolean"]).describe("Type of the value."),
    description: z.string().max(500).optional().describe("What the parameter is for."),
    default: z
      .union([z.string(), z.number(), z.boolean()])
      .optional()
      .describe("Value when none is given; without it the parameter is required."),
    enum: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional()
      .describe("The only values allowed."),
    pattern: z.string().max(200).optional().describe("Regular expression that the whole text must match."),
    format: z.enum(["uri", "cidr", "hostname", "email"]).optional().describe("Form of the text."),
    minimum: z.number().optional().describe("Smallest number allowed."),
    maximum: z.number().optional().describe("Largest number allowed."),
    secret: z.boolean().default(false).describe("The value is given as a secret reference and never shown."),
  })
  .describe("One parameter of a blueprint.");
export type Parameter = z.infer<typeof parameterSchema>;

export const siteSchema = z
  .strictObject({
    cloud: z.enum(clouds).describe("The cloud."),
    region: z.string().min(1).max(40).describe("The cloud's own name of the region."),
    role: z
      .enum(roles)
      .default("primary")
      .describe("First role of the site; the environment record holds it from then on."),
    account: template
      .optional()
      .describe("AWS account, Google Cloud project or Azure subscription; nothing is made in any other."),
    assumeRole: template.optional().describe("AWS role to assume."),
    formerly: documentName.optional().describe("Earlier name: a rename replaces nothing."),
    runner: z
      .enum(["inside", "outside"])
      .default("outside")
      .describe(
        "Whether terrane runs inside the site's network. From outside it reaches only what says so: nothing opens for it.",
      ),
  })
  .describe("A place: cloud, region, account.");

export const whenSchema = z
  .strictObject({
    class: z.array(z.enum(environmentClasses)).min(1).optional().describe("Only in these classes."),
    role: z.array(z.enum(roles)).min(1).optional().describe("Only in sites with these roles."),
  })
  .describe("When the component is included.");

/** Words of a component entry that belong to the syntax. A contract cannot have fields of these names. */
export const componentWords = ["type", "sites", "when", "formerly", "use", "byClass", "byRole"] as const;

const overrides = z.record(z.string(), field);

/** The syntax of a component entry around its contract's own fields, which `catchall` lets through unjudged. */
export const componentEntrySchema = z
  .object({
    type: z.string().min(1).max(60).describe("Component type of the catalog."),
    sites: z
      .array(z.string().min(1).max(60))
      .min(1)
      .optional()
      .describe("Sites it is made in; without it, every site."),
    when: whenSchema.optional(),
    formerly: documentName.optional().describe("Earlier name: a rename replaces nothing."),
    use: z
      .record(documentName, template)
      .refine((use) => Object.keys(use).length === 1, "exactly one component: environment")
      .optional()
      .describe("Borrow a component of another environment: `{ component: environment }`."),
    byClass: z
      .partialRecord(z.enum(environmentClasses), overrides)
      .optional()
      .describe("Fields that differ by class."),
    byRole: z.partialRecord(z.enum(roles), overrides).optional().describe("Fields that differ by role."),
  })
  .catchall(field);
export type ComponentEntry = z.infer<typeof componentEntrySchema>;

export const recoverySchema = z
  .strictObject({
    pattern: z
      .enum(["backup-restore", "pilot-light", "warm-standby", "active-active"])
      .describe("How the standby is kept."),
    rto: duration.describe("Longest time until service is back."),
    rpo: duration.describe("Longest span of data that may be lost."),
  })
  .describe("What recovery must reach.");

/** Bounds what components × sites can become. */
export const maxSites = 12;
export const maxComponents = 200;

export const blueprintSchema = z.strictObject({
  ...header("Blueprint"),
  metadata: z
    .strictObject({
      name: blueprintName.describe("Name of the blueprint."),
      version: semanticVersion.describe("Semantic version, quoted where YAML would read a number."),
      description: z.string().max(1000).optional().describe("What it is for."),
    })
    .describe("Name and version."),
  parameters: z
    .record(parameterName, parameterSchema)
    .default({})
    .describe("What an environment can choose."),
  sites: z
    .record(documentName, siteSchema)
    .refine((sites) => Object.keys(sites).length > 0, "at least one site")
    .refine((sites) => Object.keys(sites).length <= maxSites, `at most ${maxSites} sites`)
    .describe("Places, named for the place, never for the role."),
  components: z
    .record(documentName, componentEntrySchema)
    .refine((components) => Object.keys(components).length > 0, "at least one component")
    .refine(
      (components) => Object.keys(components).length <= maxComponents,
      `at most ${maxComponents} components`,
    )
    .describe("What is made."),
  recovery: recoverySchema.optional(),
});
/** A blueprint document, defaults put in. */
export type Blueprint = z.infer<typeof blueprintSchema>;

export const parameterValueSchema = z.union([z.string(), z.number(), z.boolean(), secretReferenceSchema]);
export type ParameterValue = z.infer<typeof parameterValueSchema>;

export const environmentSchema = z.strictObject({
  ...header("Environment"),
  metadata: z
    .strictObject({ name: documentName.describe("Name of the environment.") })
    .describe("Name of the environment."),
  blueprint: z.string().min(1).max(200).describe("Blueprint and version range: `name@^1`."),
  class: z.enum(environmentClasses).describe("prod, staging, dev or sandbox."),
  tags: z
    .record(tagKey, tagValue)
    .default({})
    .describe(
      "Tags of every resource. Owner, CostCenter, Project and DataClass are required; Environment is the class.",
    ),
  parameters: z
    .record(z.string(), parameterValueSchema)
    .default({})
    .describe("Values of the blueprint's parameters."),
  ttl: duration
    .optional()
    .describe("How long it lives: at most 7d for sandbox, 30d for dev, 90d for staging; never for prod."),
  schedule: scheduleSchema.optional(),
  budget: budgetSchema.optional(),
});
/** An environment document, defaults put in. */
export type Environment = z.infer<typeof environmentSchema>;

export const addressPoolSchema = z.strictObject({
  ...header("AddressPool"),
  metadata: z
    .strictObject({ name: blueprintName.describe("Name of the pool.") })
    .describe("Name of the pool."),
  blocks: z
    .array(
      z.strictObject({
        class: z
          .array(z.enum(environmentClasses))
          .min(1)
          .optional()
          .describe("Classes it serves; without it, all."),
        region: z.array(z.string().min(1)).min(1).optional().describe("Regions it serves; without it, all."),
        purpose: z
          .array(z.enum(addressPurposes))
          .min(1)
          .default(["network", "pods"])
          .describe("What the blocks are for: networks, pods, or services inside clusters."),
        prefixes: z.array(addressRange).min(1).describe("Ranges that blocks are cut from."),
      }),
    )
    .min(1)
    .describe("Which ranges serve which classes, regions and purposes."),
  reserved: z.array(addressRange).default([]).describe("Ranges in use elsewhere; never given out."),
});
export type AddressPool = z.infer<typeof addressPoolSchema>;

export const projectSchema = z.strictObject({
  ...header("Project"),
  metadata: z
    .strictObject({ name: blueprintName.describe("Name of the project.") })
    .describe("Name of the project."),
  blueprints: z
    .array(z.union([z.string().min(1), gitSourceSchema]))
    .default(["blueprints"])
    .describe("Folders and git repositories that hold blueprints."),
  environments: z
    .array(z.string().min(1))
    .default(["environments"])
    .describe("Folders that hold Environment and AddressPool documents."),
  state: z
    .strictObject({
      url: z
        .union([template, secretReferenceSchema])
        .optional()
        .describe(
          "Pulumi backend that keeps the states, with weaker promises; without it, the ledger's database does. With a password: `{ fromEnv: NAME }`.",
        ),
      passphrase: secretReferenceSchema
        .optional()
        .describe("Passphrase of the state's secrets; without it, a key made once below `.terrane`."),
      key: z
        .string()
        .max(1000)
        .regex(/^[a-z]+:\/\/./, "the URL of a cloud's key, such as awskms://alias/terrane?region=eu-west-1")
        .optional()
        .describe("A cloud's key that opens the state's secrets: `awskms://…` or `gcpkms://…`."),
      retention: retentionSchema.prefault({}).describe("How many earlier states are kept of each stack."),
    })
    .refine(({ passphrase, key }) => passphrase === undefined || key === undefined, {
      message: "a passphrase or a key, not both",
    })
    .prefault({})
    .describe("Where the engine keeps its state."),
  ledger: z
    .strictObject({
      path: z
        .string()
        .min(1)
        .default(".terrane/ledger.sqlite")
        .describe("SQLite file of environments, operations and states; not used where there is a `url`."),
      url: z
        .union([databaseUrl, secretReferenceSchema])
        .optional()
        .describe(
          "PostgreSQL database instead, for more than one machine. With a password: `{ fromEnv: NAME }`; PGPASSWORD is taken where there is none.",
        ),
    })
    .prefault({})
    .describe("Where terrane keeps its records."),
  simulated: z
    .strictObject({
      path: z.string().min(1).default(".terrane/clouds.sqlite").describe("Database of the simulated clouds."),
    })
    .prefault({})
    .describe("The simulated clouds."),
  policies: z
    .strictObject({
      packs: z.array(z.string().min(1)).default(["baseline"]).describe("Policy packs that judge every plan."),
    })
    .prefault({})
    .describe("What judges every plan."),
  budgets: z
    .partialRecord(z.enum(environmentClasses), budgetSchema)
    .default({})
    .describe("Largest budget of an environment, by class; without one there is no limit."),
  approvers: z.array(z.string().min(1)).default([]).describe("Who may approve what needs an approval."),
});
export type Project = z.infer<typeof projectSchema>;

/** Every kind of document there is. */
export const documentSchemas = {
  Blueprint: blueprintSchema,
  Environment: environmentSchema,
  AddressPool: addressPoolSchema,
  Project: projectSchema,
  Lock: lockSchema,
} as const;
export type DocumentKind = keyof typeof documentSchemas;
export const documentKinds = Object.keys(documentSchemas) as DocumentKind[];
