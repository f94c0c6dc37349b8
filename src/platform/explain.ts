/** Explains a key, a component type, an error code, or the values of one component of an environment. */
import { explainSchema } from "../blueprint/explain-schema.ts";
import { describeField } from "../blueprint/field-doc.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { type ErrorCode, errorTable, TerraneError } from "../errors.ts";
import { documentKinds, documentSchemas } from "../model/documents.ts";
import { nearest } from "../values/nearest.ts";
import type { Explanation } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { explainValues } from "./explain-values.ts";
import { catalogOf } from "./project/component-catalog.ts";

export interface ExplainRequest {
  /** A path, an error code, `error`, or the name or file of an environment. Default: what there is. */
  readonly topic?: string;
  /** The error code, or `component[@site][.field]` of the environment. */
  readonly detail?: string;
}

/** @throws TerraneError `nothing-to-explain`, and what opening the environment throws */
export async function explain(context: PlatformContext, request: ExplainRequest): Promise<Explanation> {
  const { topic, detail } = request;
  const catalog = catalogOf(context);
  if (topic === undefined) return listTopics(catalog);
  if (topic === "error" || topic === "errors")
    return detail === undefined ? listErrors() : explainError(detail);
  if (detail !== undefined) return await explainValues(context, topic, detail);
  if (Object.hasOwn(errorTable, topic)) return explainError(topic);
  const explained = explainSchema(topic, catalog);
  if (explained.what === "field") return explained;
  const about = await catalog.get(explained.component.name).about?.();
  return { ...explained, ...(about === undefined ? {} : { about: about.about }) };
}

function listTopics(catalog: Catalog): Explanation {
  return {
    what: "topics",
    kinds: documentKinds.map((kind) => describeField(kind, documentSchemas[kind])),
    components: catalog.contracts.map(({ name, domain, summary }) => ({ name, domain, summary })),
  };
}

function listErrors(): Explanation {
  const codes = Object.keys(errorTable) as ErrorCode[];
  return { what: "errors", errors: codes.map((code) => ({ code, ...errorTable[code] })) };
}

function explainError(text: string): Explanation {
  const codes = Object.keys(errorTable) as ErrorCode[];
  const code = codes.find((each) => each === text);
  if (code !== undefined) return { what: "error", error: { code, ...errorTable[code] } };
  const near = nearest(text, codes);
  throw new TerraneError("nothing-to-explain", `there is no error code "${text}"`, {
    next:
      near === undefined
        ? "Run `terrane explain error` to see all of them."
        : `Did you mean \`terrane explain error ${near}\`?`,
  });
}
