/** The fields of a component as its implementation gets them: held against the contract, secrets put in. */
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ComponentContract } from "../src/catalog/component.ts";
import { TerraneError } from "../src/errors.ts";
import { type ComponentAddress, type ComponentSpec, formatAddress } from "../src/model/spec.ts";
import type { Secret } from "../src/values/secret.ts";
import type { Value } from "../src/values/value.ts";

/**
 * @param secrets values by the JSON Pointers that the spec's `secrets` name.
 * @throws TerraneError `bad-value` naming the field; a secret's value is never part of the message.
 */
export function readFields(
  contract: ComponentContract,
  spec: ComponentSpec,
  secrets: Readonly<Record<string, Secret<Value>>> = {},
): z.output<z.ZodObject> {
  const pointers = Object.keys(spec.secrets);
  let plain: unknown = { ...spec.fields, ...referenceTexts(spec) };
  for (const pointer of pointers) {
    const secret = secrets[pointer];
    if (secret === undefined) {
      throw new TerraneError(
        "bad-secret-reference",
        `the secret for "${pointer}" of "${spec.name}" was not read`,
      );
    }
    plain = withValueAt(plain, parsePointer(pointer), secret.reveal());
  }
  const parsed = contract.fields.safeParse(plain);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = `${formatAddress({ component: spec.name, site: spec.site })}.${issue?.path.join(".")}`;
    throw new TerraneError("bad-value", `${where}: ${issue?.message}`);
  }
  return pointers.reduce<unknown>(
    (fields, pointer) =>
      withValueAt(fields, parsePointer(pointer), pulumi.secret<unknown>(secrets[pointer]?.reveal())),
    parsed.data,
  ) as Record<string, unknown>;
}

function referenceTexts(spec: ComponentSpec): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec.references).map(([field, target]) => [
      field,
      Array.isArray(target) ? target.map(formatAddress) : formatAddress(target as ComponentAddress),
    ]),
  );
}

/** Puts a value at a JSON Pointer (RFC 6901), copying what it changes on the way: specs are frozen and shared. */
function withValueAt(target: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(target)) return target.with(Number(key), withValueAt(target[Number(key)], rest, value));
  const object = target as Readonly<Record<string, unknown>> | undefined;
  return { ...object, [key]: withValueAt(object?.[key], rest, value) };
}

function parsePointer(pointer: string): readonly string[] {
  const [, ...keys] = pointer.split("/");
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}
