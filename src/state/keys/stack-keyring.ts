/**
 * Which keys seal a stack's secrets. They are made when the first secret is sealed: in a preview of a stack that is not
 * there yet, they are kept here for the update that follows, since its plan is sealed with them.
 */
import { randomUUID } from "node:crypto";
import type { Database } from "../../sql/database.ts";
import { type Stack, type StackRef, toName } from "../stacks/stack-rows.ts";
import type { KeyedStack, StackCipher, StackIdentity } from "./keys.ts";

/** Seals and opens the secrets of stacks. */
export interface StackKeys {
  /** Keys of a new stack, wrapped, for its row. */
  makeRing(stack: StackIdentity): Promise<string>;
  cipherOf(stack: KeyedStack): StackCipher;
}

/** A stack that this process has made up, or made keys for. */
interface Foreseen {
  readonly id: string;
  ring?: Promise<string>;
}

export class StackKeyring {
  readonly #database: Database;
  readonly #keys: StackKeys;
  readonly #foreseen = new Map<string, Foreseen>();

  constructor(database: Database, keys: StackKeys) {
    this.#database = database;
    this.#keys = keys;
  }

  /** Id of a stack that is not there yet. */
  foresee(ref: StackRef): string {
    return this.#foresee(ref, randomUUID()).id;
  }

  /** Id and keys of a stack that is about to be made; no keys where no secret was sealed yet. */
  async claim(ref: StackRef): Promise<{ readonly id: string; readonly key: string }> {
    const { id, ring } = this.#foresee(ref, randomUUID());
    return { id, key: (await ring) ?? "" };
  }

  forget(ref: StackRef): void {
    this.#foreseen.delete(toName(ref));
  }

  /** `find`: its row as it is now. */
  cipherOf(stack: Stack, find: () => Promise<Stack | "unwritten">): StackCipher {
    let made: Promise<StackCipher> | undefined;
    const cipher = () => {
      made ??= this.#ringOf(stack, find).then((ring) =>
        this.#keys.cipherOf({ id: stack.id, name: stack.name, ring }),
      );
      return made;
    };
    return {
      encrypt: async (plain) => (await cipher()).encrypt(plain),
      decrypt: async (sealed) => (await cipher()).decrypt(sealed),
    };
  }

  async #ringOf(stack: Stack, find: () => Promise<Stack | "unwritten">): Promise<string> {
    if (stack.key !== "") return stack.key;
    const before = await find();
    if (before !== "unwritten" && before.key !== "") return before.key;
    const foreseen = this.#foresee(stack, stack.id);
    foreseen.ring ??= this.#keys.makeRing(stack);
    const ring = await foreseen.ring;
    if (before === "unwritten") return ring;
    await this.#database.write([
      { sql: "UPDATE stacks SET key = ? WHERE id = ? AND key = ''", parameters: [ring, stack.id] },
    ]);
    const after = await find();
    return after === "unwritten" ? ring : after.key;
  }

  #foresee(ref: StackRef, id: string): Foreseen {
    const known = this.#foreseen.get(toName(ref));
    if (known !== undefined) return known;
    const foreseen = { id };
    this.#foreseen.set(toName(ref), foreseen);
    return foreseen;
  }
}
