/** Child processes of setup: quiet ones whose output is shown only when they fail, and the one that setup leads to. */
import { spawn } from "node:child_process";

/** Resolves with the output; rejects with the end of it. Signals end the child with us: it shares our group. */
export function runQuietly(command, args, { cwd, env = process.env, progress, onLine, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout });
    let output = "";
    let rest = "";
    const take = (chunk) => {
      output = (output + chunk).slice(-100_000);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take);
    progress?.verbose(`${command} ${args.join(" ")}`);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve(output);
      const last = output.trim().split("\n").slice(-15).join("\n");
      reject(
        new Error(`${command} ended with ${signal ?? `code ${code}`}${last === "" ? "" : `:\n${last}`}`),
      );
    });
  });
}

/**
 * Runs a program in our place: its streams are ours, its end is ours. A terminal sends Ctrl-C and hang-up to the whole
 * group, so there they are not passed on, or the child would take them for a second wish.
 */
export function runInPlace(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit" });
    const fromTerminal = process.stdin.isTTY === true;
    const forward = (signal) => {
      if (signal === "SIGTERM" || !fromTerminal) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}
