/** Dependencies are few, pinned exactly, each with its reason in docs/dependencies.md, and come from the public registry. */
import type { Check, Checkout, Fault } from "./check.ts";

const maxRuntimeDependencies = 30;
const reasons = "docs/dependencies.md";

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
}

export const dependencies: Check = {
  name: "dependencies",
  title: `fewer than ${maxRuntimeDependencies} runtime dependencies, pinned, each with a reason`,
  run: (checkout) => [
    ...checkPackageFile(checkout),
    ...checkLockFile(checkout),
    ...checkNpmConfiguration(checkout),
  ],
};

function checkPackageFile(checkout: Checkout): Fault[] {
  const file = "package.json";
  const parsed = JSON.parse(checkout.read(file)) as PackageFile;
  const runtime = { ...parsed.dependencies, ...parsed.optionalDependencies };
  const all = { ...runtime, ...parsed.devDependencies };
  const faults: Fault[] = [];
  const count = Object.keys(runtime).length;
  if (count >= maxRuntimeDependencies) {
    faults.push({
      file,
      message: `${count} runtime dependencies; fewer than ${maxRuntimeDependencies} are allowed`,
    });
  }
  const text = checkout.read(reasons);
  for (const [name, version] of Object.entries(all)) {
    if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
      faults.push({ file, message: `${name} is not pinned exactly: "${version}"` });
    }
    if (!text.includes(`\`${name}\``))
      faults.push({ file: reasons, message: `gives no reason for \`${name}\`` });
  }
  const named = [...text.matchAll(/^\| .*?`([^`]+)`/gm)].flatMap((row) => [...row[0].matchAll(/`([^`]+)`/g)]);
  for (const [, name] of named) {
    if (name !== undefined && !Object.hasOwn(all, name)) {
      faults.push({ file: reasons, message: `gives a reason for \`${name}\`, which is no dependency` });
    }
  }
  return faults;
}

function checkLockFile(checkout: Checkout): Fault[] {
  const file = "package-lock.json";
  const { packages } = JSON.parse(checkout.read(file) || "{}") as LockFile;
  if (packages === undefined) return [{ file, message: "is missing: `npm ci` needs it" }];
  return Object.entries(packages).flatMap(([path, { resolved }]) =>
    resolved === undefined
      ? []
      : [{ file, message: `${path} names where it was fetched: that is for each machine to say` }],
  );
}

function checkNpmConfiguration(checkout: Checkout): Fault[] {
  return /registry\s*=/.test(checkout.read(".npmrc"))
    ? [{ file: ".npmrc", message: "names a registry: which one to use is for each machine to say" }]
    : [];
}
