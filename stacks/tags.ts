/**
 * The one stack transformation that tags everything: the tags of the environment and terrane's own, as inputs, where
 * a type takes them. What can't be tagged passes unchanged. Knows no component.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../src/errors.ts";
import type { StackSpec } from "../src/model/spec.ts";
import type { Platform } from "../src/model/words.ts";
import { resourceTag } from "../src/values/tags.ts";
import type { Tagger, Tags } from "./tagging/tagger.ts";
import { taggers, taggersByPackage } from "./tagging/taggers.ts";

/** Tags of what others make for an environment: the nodes, disks and volumes that no program names. */
export function environmentTags(environment: StackSpec["environment"]): Tags {
  return {
    ...environment.tags,
    "terrane:environment": environment.name,
    "terrane:incarnation": environment.incarnation,
  };
}

/** Tags of every resource of a stack. `terrane:resource` differs and is added for each. */
export function stackTags(spec: StackSpec): Tags {
  return { ...environmentTags(spec.environment), "terrane:stack": spec.name };
}

/** Why a platform cannot carry the tags of this stack; empty when it can. */
export function checkTags(spec: StackSpec, platform: Platform): readonly Problem[] {
  const refusals =
    taggers[platform]?.check({ ...stackTags(spec), "terrane:resource": resourceTag("") }) ?? [];
  return refusals.map(({ code, message, severity = "error", allowed }) => ({
    code,
    message,
    severity,
    ...(allowed === undefined ? {} : { allowed }),
  }));
}

/** Registers the transformation; call it once, inside the program, before the first resource. */
export function registerTags(spec: StackSpec): void {
  const tags = stackTags(spec);
  // A URN names the types of all ancestors; parents are made before their children, so theirs are known by then.
  const qualifiedTypes = new WeakMap<pulumi.Resource, string>();
  pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
    const parent = opts.parent === undefined ? undefined : qualifiedTypes.get(opts.parent);
    const qualifiedType = parent === undefined ? type : `${parent}$${type}`;
    qualifiedTypes.set(resource, qualifiedType);
    const tagger = taggersByPackage.get(type.slice(0, type.indexOf(":")));
    const input = tagger?.input(type, props);
    if (tagger === undefined || input === undefined) return undefined;
    const urn = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${qualifiedType}::${name}`;
    const all = { ...tags, "terrane:resource": resourceTag(urn) };
    return { props: { ...props, [input]: addTags(tagger, props[input], all) }, opts };
  });
}

function addTags(tagger: Tagger, existing: unknown, tags: Tags): unknown {
  const isLater = pulumi.Output.isInstance(existing) || existing instanceof Promise;
  if (!isLater) return tagger.merge((existing ?? {}) as Record<string, unknown>, tags);
  return pulumi
    .output(existing)
    .apply((value) => tagger.merge((value ?? {}) as Record<string, unknown>, tags));
}
