/** Everything that can be said about an environment and the blueprint it names, before it is resolved. */
import { posix } from "node:path";
import maxSatisfying from "semver/ranges/max-satisfying.js";
import validRange from "semver/ranges/valid.js";
import type { Catalog } from "../catalog/catalog.ts";
import type { Problem } from "../errors.ts";
import type { Parameter, ParameterValue } from "../model/documents.ts";
import { checkBlueprintName } from "../values/names.ts";
import { nearest } from "../values/nearest.ts";
import { checkLifetime } from "./check-lifetime.ts";
import { checkCloudTags, checkEnvironmentTags } from "./check-tags.ts";
import type { Loaded } from "./load.ts";
import { checkValue, isSecretReference } from "./parameters.ts";
import { listNames, type ProblemList, showText, showValue } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";
import { isTemplate } from "./template.ts";

type Environment = Loaded<"Environment">;
type Blueprint = Loaded<"Blueprint">;

/** What an environment is held against besides its blueprint. */
export interface EnvironmentRules {
  readonly catalog: Catalog;
  readonly project?: Loaded<"Project"> | undefined;
}

/**
 * Checks tags and lifetime, finds the blueprint, checks the parameters against it. Undefined where no blueprint fits.
 */
export function checkEnvironment(
  environment: Environment,
  blueprints: readonly Blueprint[],
  { catalog, project }: EnvironmentRules,
  problems: ProblemList,
): Blueprint | undefined {
  checkEnvironmentTags(environment, problems);
  checkLifetime(environment, project, problems);
  const blueprint = findBlueprint(environment, blueprints, problems);
  if (blueprint === undefined) return undefined;
  checkCloudTags(environment, blueprint, catalog, problems);
  checkParameters(environment, blueprint, problems);
  return blueprint;
}

/** The highest version of the named blueprint within the range; without a range, the highest. */
export function findBlueprint(
  environment: Environment,
  blueprints: readonly Blueprint[],
  problems: ProblemList,
): Blueprint | undefined {
  const text = environment.document.blueprint;
  const seen = showText(text);
  const refuse = (
    code: Problem["code"],
    message: string,
    more: Partial<Problem> = {},
    suggest?: () => string | undefined,
  ) => {
    problems.add(problemAt(environment.source, ["blueprint"], code, message, { seen, ...more }), suggest);
    return undefined;
  };
  if (isTemplate(text)) return refuse("must-be-literal", "the blueprint cannot be interpolated");
  const at = text.indexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  const range = at === -1 ? "*" : text.slice(at + 1);
  if (/[/\\]|^\.|^[a-z][a-z0-9+.-]*:/i.test(name)) {
    const isWhole = name.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(name);
    const path = isWhole ? name : posix.join(posix.dirname(environment.source.file), name);
    return refuse("path-outside", `a blueprint is named, not a path; this would lead to ${showText(path)}`);
  }
  const refusal = checkBlueprintName(name);
  if (refusal !== undefined) return refuse(refusal.code, refusal.message, { allowed: refusal.allowed });
  if (validRange(range) === null) {
    return refuse("bad-value", "the version range cannot be read", {
      allowed: `${name}@^1, ${name}@1.2.x, ${name}@1.0.0`,
    });
  }
  const named = blueprints.filter((each) => each.name === name);
  const names = [...new Set(blueprints.map((each) => each.name))].sort();
  if (named.length === 0) {
    const allowed = names.length === 0 ? "there is none" : listNames(names);
    const suggest = () => {
      const found = nearest(name, names);
      return found === undefined ? undefined : `${found}${at === -1 ? "" : text.slice(at)}`;
    };
    return refuse("document-not-found", `there is no blueprint "${showText(name)}"`, { allowed }, suggest);
  }
  const unversioned = named.find((each) => each.source.broken.has("metadata"));
  const versions = named.map((each) => each.document.metadata.version);
  const best = maxSatisfying(versions, range) ?? undefined;
  const found = named.find((each) => each.document.metadata.version === best) ?? unversioned;
  if (found !== undefined) return found;
  const allowed = listNames(versions.map((version) => `${name}@${version}`));
  return refuse("document-not-found", `no version of "${name}" is within ${showText(range)}`, { allowed });
}

/** Positions in the environment; where the blueprint declares the parameter goes along. */
function checkParameters(environment: Environment, blueprint: Blueprint, problems: ProblemList): void {
  const declared = blueprint.document.parameters;
  const { parameters } = environment.document;
  const names = Object.keys(declared);
  const { broken } = blueprint.source;
  for (const [name, value] of Object.entries(parameters)) {
    const parameter = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (parameter !== undefined) checkGiven(environment, blueprint, name, parameter, value, problems);
    else if (!broken.has(`parameters/${name}`)) {
      const message = `"${blueprint.name}" has no parameter "${showText(name)}"`;
      const allowed = () => listNames(names) || "none";
      const related = relatedTo(
        blueprint,
        names.length === 0 ? ["metadata", "name"] : ["parameters"],
        "parameters are declared here",
      );
      const problem = problemAt(
        environment.source,
        ["parameters", name],
        "unknown-parameter",
        message,
        {},
        "key",
      );
      problems.add(
        { ...problem, seen: showText(name), related },
        { allowed, nearest: () => nearest(name, names) },
      );
    }
  }
  for (const [name, parameter] of Object.entries(declared)) {
    if (parameter.default !== undefined || Object.hasOwn(parameters, name)) continue;
    if (environment.source.broken.has(`parameters/${name}`)) continue;
    const message = `the parameter "${name}" has no value`;
    const what = parameter.secret
      ? "{ fromEnv: NAME }, { fromFile: path } or { fromSecret: name }"
      : parameter.type;
    problems.add({
      ...problemAt(environment.source, ["parameters"], "missing-parameter", message, {}, "key"),
      path: `/parameters/${name}`,
      allowed: parameter.description === undefined ? what : `${what}: ${showText(parameter.description)}`,
      related: relatedTo(blueprint, ["parameters", name], "declared here"),
    });
  }
}

function checkGiven(
  environment: Environment,
  blueprint: Blueprint,
  name: string,
  parameter: Parameter,
  value: ParameterValue,
  problems: ProblemList,
): void {
  const path = ["parameters", name];
  const related = relatedTo(blueprint, path, "declared here");
  const add = (code: Problem["code"], message: string, more: Partial<Problem>) =>
    problems.add({ ...problemAt(environment.source, path, code, message, more), related });
  if (parameter.secret) {
    if (isSecretReference(value)) return;
    const allowed = "{ fromEnv: NAME }, { fromFile: path } or { fromSecret: name }";
    add("bad-secret-reference", "the value of a secret parameter is written down", { allowed });
    return;
  }
  if (isSecretReference(value)) {
    const message = `"${name}" is not declared secret, so its value would be shown`;
    add("bad-secret-reference", message, {
      allowed: `${parameter.type}, or \`secret: true\` in the blueprint`,
    });
    return;
  }
  const refusal = checkValue(parameter, value);
  if (refusal === undefined) return;
  const { code, message, ...more } = refusal;
  const seen = showValue(environment.source.nodeAt(path)?.raw ?? value, path);
  add(code, message, { ...more, ...(seen === undefined ? {} : { seen }) });
}

function relatedTo(
  blueprint: Blueprint,
  path: readonly string[],
  message: string,
): NonNullable<Problem["related"]> {
  return [{ position: blueprint.source.positionOf(path, "key"), message }];
}
