/** What a spec is resolved from, and the values that interpolation puts in. */
import type { Catalog } from "../catalog/catalog.ts";
import type { ParameterValue } from "../model/documents.ts";
import type { EnvironmentRecord, TakenBlock } from "../model/record.ts";
import type { Loaded } from "./load.ts";

/** For a spec that is only looked at: it has an incarnation, and names nothing in a cloud. */
export const noIncarnation = "00000000";

export interface ResolveRequest {
  readonly blueprint: Loaded<"Blueprint">;
  readonly environment: Loaded<"Environment">;
  /** What the ledger knows, under present names (`carryOver`): roles, incarnation, births and addresses come from it. */
  readonly record?: EnvironmentRecord | undefined;
  /** Where no record has one. Default: a digest of the environment's name; see {@link noIncarnation}. */
  readonly incarnation?: string;
  readonly catalog: Catalog;
  /** What terrane.yaml says; absent where there is none. */
  readonly project?: Loaded<"Project"> | undefined;
  /** None: the built-in pool. */
  readonly addressPools: readonly Loaded<"AddressPool">[];
  /** Blocks of everybody else, this environment's own left out. */
  readonly takenBlocks: readonly TakenBlock[];
}

/** What stands in for a name inside a text. */
export function lookupFor(request: ResolveRequest, site: string): (name: string) => string {
  const { environment, blueprint } = request;
  const fixed: Readonly<Record<string, string | undefined>> = {
    "environment.name": environment.name,
    "environment.class": environment.document.class,
    "site.name": site,
    "site.region": blueprint.document.sites[site]?.region,
  };
  return (name) => {
    if (!name.startsWith("parameters.")) return fixed[name] ?? "";
    const value = parameterValue(request, name.slice("parameters.".length));
    return typeof value === "object" ? "" : String(value ?? "");
  };
}

/** The value given, or the default; undefined for what is not there. */
export function parameterValue(
  request: Pick<ResolveRequest, "environment" | "blueprint">,
  name: string,
): ParameterValue | undefined {
  const given = request.environment.document.parameters;
  if (Object.hasOwn(given, name)) return given[name];
  const declared = request.blueprint.document.parameters;
  return Object.hasOwn(declared, name) ? declared[name]?.default : undefined;
}
