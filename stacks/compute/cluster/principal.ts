/** Resource names for principals, which are too long and too free in form to be names themselves. */
import { sha256 } from "../../../src/values/digest.ts";

/** The readable end of a principal and a hash of all of it: the same in whatever place of a list it stands. */
export function principalKey(principal: string): string {
  const readable = (principal.split(/[/:]/).at(-1) ?? "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const hash = sha256(principal).slice(0, 6);
  return `${readable.slice(0, 30).replace(/^-+|-+$/g, "")}-${hash}`.replace(/^-/, "");
}
