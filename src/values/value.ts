/**
 * Values as terrane shows and stores them: JSON with two markers, one for what is not known before `up` and one
 * for what is secret. Whoever makes such a value has already taken the secret out.
 */

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

export type Properties = { readonly [key: string]: Value };

const markerKey = "$terrane";

/** Stands for a value that only the cloud can give. */
export const unknown: Properties = Object.freeze({ [markerKey]: "unknown" });

/** Stands for a secret. The value itself is gone. */
export const secret: Properties = Object.freeze({ [markerKey]: "secret" });

/** Whether a value stands for one that only the cloud can tell. */
export function isUnknown(value: Value | undefined): boolean {
  return markerOf(value) === "unknown";
}

/** Whether a value stands for a secret. */
export function isSecret(value: Value | undefined): boolean {
  return markerOf(value) === "secret";
}

function markerOf(value: Value | undefined): Value | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return (value as Properties)[markerKey];
}
