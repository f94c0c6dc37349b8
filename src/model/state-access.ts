/** How the engine reaches the state of one stack. */
import type { Secret } from "../values/secret.ts";

/** `exists`: whether the stack is there already; if not, a folder's or backend's engine makes it. */
export type StateAccess = ServiceAccess | BackendAccess;

/** Through our own service, which keeps the stack's secrets too. */
export interface ServiceAccess {
  readonly kind: "service";
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** Opens this stack and nothing else, for as long as the access lasts. */
  readonly token: Secret<string>;
  readonly exists: boolean;
}

/** Through any other Pulumi backend: the engine seals secrets itself. */
export interface BackendAccess {
  readonly kind: "backend";
  /** Pulumi backend URL, such as `file:///…`. */
  readonly url: string;
  /** Passphrase of the state's secrets. */
  readonly passphrase: Secret<string>;
  /** Variables that reach the backend, such as credentials of its cloud; none are needed for a folder. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder that holds the stack's settings file (`Pulumi.<stack>.yaml`); belongs to this access alone. */
  readonly settingsFolder: string;
  readonly exists: boolean;
}
