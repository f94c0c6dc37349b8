/**
 * Completes package-lock.json: `node tools/setup-lockfile.ts`, after every `npm install`. A registry that does not
 * carry the binaries of all platforms makes npm leave those packages out of the lock file, and `npm ci` then refuses
 * the lock file. Their names, versions and platforms stand in the packages that want them.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}
interface Lockfile {
  packages: Record<string, LockEntry>;
}

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

/** Adds an entry for each optional package that is wanted and missing; answers their names. */
export function completeLockfile(lock: Lockfile): string[] {
  const added: string[] = [];
  for (const wanting of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      if (key in lock.packages) continue;
      const entry = toEntry(name, version);
      if (entry === undefined) continue;
      lock.packages[key] = wanting.dev === true ? { ...entry, dev: true } : entry;
      added.push(name);
    }
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  return added;
}

/** Undefined for a package whose name does not tell its platform, or that is not pinned: npm must know that one. */
function toEntry(name: string, version: string): LockEntry | undefined {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : undefined;
  return { version, cpu: [cpu], ...(libc === undefined ? {} : { libc }), optional: true, os: [os] };
}

if (import.meta.main) {
  const file = new URL("../package-lock.json", import.meta.url);
  const lock = JSON.parse(readFileSync(file, "utf8")) as Lockfile;
  const added = completeLockfile(lock);
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(added.length === 0 ? "The lock file is complete.\n" : `Added: ${added.join(", ")}\n`);
}
