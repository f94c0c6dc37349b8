/**
 * Text of a document on disk: reading it safely, and finding line and column of an offset. Knows nothing of YAML.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Position, Problem } from "../errors.ts";
import { showCharacter } from "../values/names.ts";

/** Largest file that is read, bytes. */
export const maxFileBytes = 1024 * 1024;

/** A text and the name people know it by. */
export class SourceText {
  /** As the user gave it, relative to where they stand. */
  readonly file: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** Line and column of an offset in UTF-16 code units. */
  positionAt(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The text of a line, counted from 1, without its end. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return "";
    return this.text.slice(start, starts[number] ?? this.text.length).replace(/\r?\n$/, "");
  }

  get lineCount(): number {
    return this.#starts().length;
  }

  #starts(): readonly number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1))
      starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}

export type ReadText =
  | { readonly ok: true; readonly source: SourceText }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a file of at most 1 MiB of UTF-8. Pipes, folders and devices are refused without waiting on them. */
export function readSource(path: string, file: string): ReadText {
  const refuse = (code: Problem["code"], message: string, more: Partial<Problem> = {}): ReadText => ({
    ok: false,
    problem: { code, severity: "error", message, position: { file, line: 1, column: 1 }, ...more },
  });
  if (file === "-") return refuse("not-a-file", "standard input is not read");
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return refuse(...openProblem((error as NodeJS.ErrnoException).code));
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) return refuse("not-a-file", `${kindOf(status)}, not a regular file`);
    if (status.size > maxFileBytes) {
      return refuse("file-too-large", `the file has ${status.size} bytes`, { allowed: "at most 1 MiB" });
    }
    const bytes = readAtMost(descriptor, maxFileBytes + 1);
    if (bytes.length > maxFileBytes) {
      return refuse("file-too-large", "the file grew past the limit", { allowed: "at most 1 MiB" });
    }
    return decodeSource(bytes, file);
  } finally {
    closeSync(descriptor);
  }
}

/** UTF-8 with or without a byte order mark, in which nothing is invisible or steers a terminal. */
export function decodeSource(bytes: Uint8Array, file: string): ReadText {
  const refuse = (code: Problem["code"], message: string, position: Position): ReadText => ({
    ok: false,
    problem: { code, severity: "error", message, position },
  });
  const start: Position = { file, line: 1, column: 1 };
  const encoding = otherEncoding(bytes);
  if (encoding !== undefined) return refuse("not-utf-8", `the file is ${encoding}, found at byte 0`, start);
  if (isBinary(bytes)) return refuse("not-yaml", "the file is binary", start);
  const invalid = firstInvalidByte(bytes);
  if (invalid !== undefined) {
    const before = new SourceText(file, new TextDecoder().decode(bytes.subarray(0, invalid)));
    const position = before.positionAt(before.text.length);
    return refuse("not-utf-8", `byte ${invalid} is not UTF-8`, position);
  }
  const source = new SourceText(file, new TextDecoder("utf-8").decode(bytes));
  const found = forbiddenCharacter.exec(source.text);
  if (found === null) return { ok: true, source };
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const offset = mark + Buffer.byteLength(source.text.slice(0, found.index));
  const message = `the file holds ${showCharacter(found[0])} at byte ${offset}`;
  return refuse("control-character", message, source.positionAt(found.index));
}

/**
 * Control characters but tab and line ends, a carriage return alone, and what reorders or hides text
 * (https://trojansource.codes): bidirectional controls, zero-width characters, a byte order mark within the text.
 */
export const forbiddenCharacter =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]|\r(?!\n)/u;

function openProblem(code: string | undefined): [Problem["code"], string] {
  if (code === "ENOENT" || code === "ENOTDIR") return ["file-not-found", "there is no such file"];
  if (code === "EACCES" || code === "EPERM") return ["permission-denied", "the file cannot be read"];
  if (code === "ERR_INVALID_ARG_VALUE") return ["file-not-found", "the path holds a NUL character"];
  return ["not-a-file", `the path cannot be opened (${code ?? "unknown reason"})`];
}

function kindOf(status: ReturnType<typeof fstatSync>): string {
  if (status.isDirectory()) return "the path is a folder";
  if (status.isFIFO()) return "the path is a pipe";
  return status.isSocket() ? "the path is a socket" : "the path is a device";
}

function readAtMost(descriptor: number, limit: number): Uint8Array {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const count = readSync(descriptor, buffer, length, limit - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

function otherEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    return "UTF-32";
  }
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return "UTF-16";
  // Without a mark: ASCII text in two or four bytes a character has a zero in every pair.
  const isAscii = (byte: number | undefined) => byte !== undefined && byte > 0x08 && byte < 0x7f;
  if (a === 0 && b === 0 && c === 0 && isAscii(d)) return "UTF-32";
  if (isAscii(a) && b === 0 && c === 0 && d === 0) return "UTF-32";
  if ((isAscii(a) && b === 0 && isAscii(c) && d === 0) || (a === 0 && isAscii(b) && c === 0 && isAscii(d))) {
    return "UTF-16";
  }
  return undefined;
}

/** Known file headers, or more than one control character in the first kilobytes. */
function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  const text = Buffer.from(head.subarray(0, 8)).toString("latin1");
  if (
    /^(PK\x03\x04|\x1f\x8b|\x7fELF|\x89PNG|%PDF|BZh|\xfd7zXZ|GIF8|\xff\xd8\xff|\x28\xb5\x2f\xfd)/.test(text)
  ) {
    return true;
  }
  const controls = head.filter((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)).length;
  return controls > 8 && controls > head.length / 100;
}

/** Offset of the first byte that is not UTF-8. */
function firstInvalidByte(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    decoder.decode(bytes);
    return undefined;
  } catch {
    return Buffer.byteLength(longestValidPrefix(bytes));
  }
}

function longestValidPrefix(bytes: Uint8Array): string {
  let low = 0;
  let high = bytes.length;
  // A cut within a character is not an error of the prefix, so each half is decoded as a stream.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodesAsStream(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, low), { stream: true });
}

function decodesAsStream(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
