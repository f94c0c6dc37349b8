/**
 * What is known of a command without running it: enough for help, parsing and suggestions. Plain data, so that
 * `--help` loads no command.
 */
import type { ExitCode } from "../errors.ts";
import type { CompletionKind } from "../platform/complete.ts";
import type { Session } from "./session.ts";

/** What a shell offers for a value: names of that kind, files, folders, or these words. */
export type Offer = CompletionKind | "file" | "folder" | readonly string[];

export interface ArgumentDescriptor {
  readonly name: string;
  readonly summary: string;
  readonly offer?: Offer;
  readonly required?: boolean;
  readonly variadic?: boolean;
}

export interface OptionDescriptor {
  /** Short and long, with the name of the value where it takes one: `-C, --dir <folder>`. */
  readonly flags: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  /** Default: the choices. */
  readonly offer?: Offer;
  /** Refuses a value by an answer: what would be right. */
  readonly refuse?: (value: string) => string | undefined;
  /** May be given again and again; each counts. */
  readonly counts?: boolean;
  /** May be given again and again; the values add up to a list. */
  readonly many?: boolean;
  /** TERRANE_* variable that says the same; the flag wins. */
  readonly variable?: string;
}

export interface Example {
  readonly command: string;
  readonly what: string;
}

export interface Invocation {
  /** Positional arguments by name; a variadic one is a list. */
  readonly arguments: { readonly [name: string]: string | readonly string[] | undefined };
  /** Options of the command itself, by camelCase name. */
  readonly options: { readonly [name: string]: string | boolean | number | readonly string[] | undefined };
}

export type CommandFunction = (session: Session, invocation: Invocation) => Promise<ExitCode>;

export interface CommandDescriptor {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group?: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Sentences for the command's own help. */
  readonly description?: readonly string[];
  readonly arguments?: readonly ArgumentDescriptor[];
  readonly options?: readonly OptionDescriptor[];
  readonly examples?: readonly Example[];
  /** It stops in good order by itself when its time is up; the others are simply left. */
  readonly stopsInOrder?: boolean;
  readonly load?: () => Promise<CommandFunction>;
  readonly subcommands?: readonly CommandDescriptor[];
}

/** A required text argument. */
export function textArgument(invocation: Invocation, name: string): string | undefined {
  const value = invocation.arguments[name];
  return typeof value === "string" ? value : undefined;
}

/** All values of a variadic argument. */
export function listArgument(invocation: Invocation, name: string): readonly string[] {
  const value = invocation.arguments[name];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === "string" ? value : undefined;
}

/** All values of an option that may be given again and again. */
export function listOption(invocation: Invocation, name: string): readonly string[] {
  const value = invocation.options[name];
  return Array.isArray(value) ? value : [];
}

export function flagOption(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}
