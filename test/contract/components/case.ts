/**
 * What a contract case is: fields in, expectations on what was made out. A case knows no cloud; who runs it says what
 * was made, be it rendered or brought up by the engine.
 */
import type { ComponentContract } from "../../../src/catalog/component.ts";
import type { OutputValue } from "../../../src/model/spec.ts";
import type { EnvironmentClass } from "../../../src/model/words.ts";
import type { Properties, Value } from "../../../src/values/value.ts";

export interface MadeResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** What running a case has made: after an `up`, so that every output is known. */
export interface Made {
  readonly resources: readonly MadeResource[];
  readonly outputs: { readonly [output: string]: OutputValue };
}

export interface ContractCase {
  readonly title: string;
  /** Throws where the contract is not kept. */
  check(made: Made): void;
}

/** Cases that look at one and the same component, so that it is made once for all of them. */
export interface Situation {
  readonly title: string;
  readonly environmentClass: EnvironmentClass;
  readonly fields: Properties;
  readonly cases: readonly ContractCase[];
}

export interface ContractCases {
  readonly contract: ComponentContract;
  readonly situations: readonly Situation[];
}

export function knownOutput(made: Made, name: string): Value {
  const output = made.outputs[name];
  if (output?.kind !== "known") throw new Error(`the output "${name}" is not known`);
  return output.value;
}
