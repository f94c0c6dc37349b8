/** What a lint check is, and how one runs a tool of node_modules. Knows no check. */
import { execFile } from "node:child_process";
import { join } from "node:path";

/** One thing that is wrong, with where. */
export interface Fault {
  /** Relative to the root, with slashes; absent where no file is to blame. */
  readonly file?: string;
  readonly line?: number;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** The checkout as every check sees it. */
export interface Checkout {
  /** Absolute. */
  readonly root: string;
  /** Files that are in git or would be added, relative to the root, sorted. */
  readonly files: readonly string[];
  /** Text of a file; empty when it went away meanwhile. */
  read(file: string): string;
}

export interface Check {
  readonly name: string;
  /** What holds where it finds nothing, for people. */
  readonly title: string;
  readonly run: (checkout: Checkout) => readonly Fault[] | Promise<readonly Fault[]>;
}

export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of an installed package by this very node: no shell, no npx. */
export function runTool(checkout: Checkout, script: string, args: readonly string[]): Promise<ToolResult> {
  const path = join(checkout.root, "node_modules", script);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path, ...args],
      { cwd: checkout.root, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ exitCode, stdout, stderr });
      },
    );
  });
}

/** Faults, or the tool's own words where it failed without naming any: silence must never look like success. */
export function faultsOf(tool: string, result: ToolResult, faults: readonly Fault[]): readonly Fault[] {
  if (faults.length > 0 || result.exitCode === 0) return faults;
  return [{ message: `${tool} failed: ${(result.stderr || result.stdout).trim().slice(0, 2000)}` }];
}

/** Source files of this project that a check of code looks at. */
export function isSource(file: string): boolean {
  return /\.(ts|js)$/.test(file) && !/(^|\/)generated\//.test(file);
}
