/**
 * Secrets within a state: objects with Pulumi's mark, their value sealed or, in an export that shows secrets, in clear.
 * Pure but for the function that is handed in.
 */

/** How a state marks a secret value. Source: `sdk/go/common/resource/sig` of 3.250.0. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A secret as JSON has it: one of the two fields. */
export interface SecretValue {
  readonly [signatureKey]: typeof secretSignature;
  readonly ciphertext?: string;
  /** JSON of the value. */
  readonly plaintext?: string;
}

export function sealedSecret(ciphertext: string): SecretValue {
  return { [signatureKey]: secretSignature, ciphertext };
}

export function openSecret(plaintext: string): SecretValue {
  return { [signatureKey]: secretSignature, plaintext };
}

function isSecret(value: object): value is SecretValue {
  return (value as Partial<SecretValue>)[signatureKey] === secretSignature;
}

/** Every secret of a value, outermost only: what stands within one is part of it. */
export function secretsOf(value: unknown): readonly SecretValue[] {
  const found: SecretValue[] = [];
  const walk = (each: unknown): void => {
    if (typeof each !== "object" || each === null) return;
    if (!Array.isArray(each) && isSecret(each)) found.push(each);
    else for (const inner of Object.values(each)) walk(inner);
  };
  walk(value);
  return found;
}

/** The value with each of its secrets replaced; what holds none is not copied. */
export async function mapSecrets<T>(
  value: T,
  replace: (secret: SecretValue) => Promise<SecretValue>,
): Promise<T> {
  const secrets = secretsOf(value);
  const pairs = await Promise.all(secrets.map(async (each) => [each, await replace(each)] as const));
  const replaced = new Map<unknown, SecretValue>(pairs);
  const rebuild = (each: unknown): unknown => {
    if (typeof each !== "object" || each === null) return each;
    const other = replaced.get(each);
    if (other !== undefined) return other;
    if (Array.isArray(each)) return each.map(rebuild);
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, rebuild(inner)]));
  };
  return secrets.length === 0 ? value : (rebuild(value) as T);
}
