/**
 * Whose key seals the secrets of a state. A state of ours is sealed by the stack's own keys, which the service keeps; one
 * that says otherwise could be opened by nobody here.
 */
import { TerraneError } from "../../errors.ts";
import type { Deployment } from "./deployment.ts";

type SecretsProvider = Deployment["secrets_providers"];

interface StackName {
  readonly project: string;
  readonly name: string;
}

/**
 * Why the stack's own keys cannot open the secrets; undefined where they can. A state without a provider has none.
 * @param stack whose state it is to be
 */
export function sealedElsewhere({ project, name }: StackName, provider: SecretsProvider): string | undefined {
  if (!provider) return undefined;
  if (provider.type !== "service") {
    return `its secrets are sealed by ${provider.type}, which is not the service of this project`;
  }
  const owner = provider.state as { readonly project?: unknown; readonly stack?: unknown } | null | undefined;
  if (!owner || (owner.project === project && owner.stack === name)) return undefined;
  return `its secrets are those of ${String(owner.project)}/${String(owner.stack)}`;
}

/** @throws TerraneError `state-foreign` for what `sealedElsewhere` says of it */
export function assertSealedHere(stack: StackName, provider: SecretsProvider): void {
  if (sealedElsewhere(stack, provider) !== undefined) throw foreignSeal(stack, provider);
}

export function foreignSeal(stack: StackName, provider: SecretsProvider): TerraneError {
  const { project, name } = stack;
  const why = sealedElsewhere(stack, provider);
  return new TerraneError("state-foreign", `${project}/${name} cannot take this state: ${why}`, {
    next:
      `Take states in with \`terrane migrate --from\`, which seals them anew; take \`encryptionsalt\` and ` +
      `\`secretsprovider\` out of Pulumi.${name}.yaml.`,
  });
}
