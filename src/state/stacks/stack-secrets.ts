/** The secrets of a stack's state in the form the engine and the state's service give them: base64 of what a cipher sealed. */
import { TerraneError } from "../../errors.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import { mapSecrets, openSecret, sealedSecret } from "../deployment/secret-values.ts";
import type { StackCipher } from "../keys/keys.ts";

/** @throws TerraneError `state-corrupt`, `wrong-passphrase`, `key-unavailable` */
export function openSecrets(state: VersionedDeployment, cipher: StackCipher): Promise<VersionedDeployment> {
  return mapSecrets(state, async ({ ciphertext, plaintext }) => {
    if (plaintext !== undefined) return openSecret(plaintext);
    const opened = await cipher.decrypt(Buffer.from(ciphertext ?? "", "base64"));
    return openSecret(Buffer.from(opened).toString("utf8"));
  });
}

/** @param state with its secrets in clear */
export function sealSecrets(state: VersionedDeployment, cipher: StackCipher): Promise<VersionedDeployment> {
  return mapSecrets(state, async ({ plaintext }) => {
    if (plaintext === undefined) throw new TerraneError("internal", "a secret that was not opened");
    const sealed = await cipher.encrypt(Buffer.from(plaintext, "utf8"));
    return sealedSecret(Buffer.from(sealed).toString("base64"));
  });
}

/** From one cipher to another; values are in clear in this process's memory only. */
export async function resealSecrets(
  state: VersionedDeployment,
  from: StackCipher,
  to: StackCipher,
): Promise<VersionedDeployment> {
  return sealSecrets(await openSecrets(state, from), to);
}
