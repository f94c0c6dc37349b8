/** Why a text is not what it should be. */
export interface Refusal<Code extends string> {
  readonly code: Code;
  readonly message: string;
  /** What could stand there, for people. */
  readonly allowed: string;
  /** What was probably meant. */
  readonly nearest?: string;
}
