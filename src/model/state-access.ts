/** How the engine reaches the state of one stack: a Pulumi backend URL and what goes with it. */
import type { Secret } from "../values/secret.ts";

export interface StateAccess {
  /** Pulumi backend URL, such as `file:///…`. */
  readonly url: string;
  /** Passphrase of the state's secrets. */
  readonly passphrase: Secret<string>;
  /** Folder that holds the stack's settings file (`Pulumi.<stack>.yaml`); belongs to this access alone. */
  readonly settingsFolder: string;
  /** Whether the stack is there already; if not, the engine makes it. */
  readonly exists: boolean;
}
