/** Instance classes of databases on AWS: whether one exists, and which others have its shape. */
import { nearest } from "../../../src/values/nearest.ts";
import {
  burstableMemory,
  type DatabaseShape,
  databaseFamilies,
  retiredFamilies,
} from "../../limits/aws-rds.ts";

const written = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/;

/** Every class that the tables hold, the newest of each purpose first. */
export function instanceClasses(): readonly string[] {
  return Object.entries(databaseFamilies.byName).flatMap(([family, { sizes }]) =>
    sizes.map((size) => `db.${family}.${size}`),
  );
}

/** Why a class cannot be had, with the nearest that can; undefined for one that can. */
export function refuseClass(
  name: string,
): { readonly message: string; readonly nearest: string | undefined } | undefined {
  const all = instanceClasses();
  if (all.includes(name)) return undefined;
  const [, family = "", size = ""] = written.exec(name) ?? [];
  const retired = retiredFamilies.oneOf.some((each) => each === family);
  const message = retired
    ? `RDS makes no new databases of ${name}: its generation is retired`
    : `RDS for PostgreSQL has no instance class ${name}`;
  // A typing error is likelier than a class that is missing here, unless the class is known to be gone.
  const full = name.startsWith("db.") ? name : `db.${name}`;
  const near = retired ? undefined : all.includes(full) ? full : nearest(full, all);
  return { message, nearest: near ?? ofEqualShape(family, size, all) };
}

function ofEqualShape(family: string, size: string, all: readonly string[]): string | undefined {
  const shape = shapeOf(family, size);
  if (shape === undefined) return undefined;
  return all.find((each) => {
    const [, otherFamily = "", otherSize = ""] = written.exec(each) ?? [];
    const other = shapeOf(otherFamily, otherSize);
    return (
      otherFamily.charAt(0) === family.charAt(0) &&
      other?.vcpus === shape.vcpus &&
      other.memory === shape.memory
    );
  });
}

const memoryByPurpose: Readonly<Record<string, number>> = { m: 4, r: 8, x: 16, c: 2, z: 8 };

/** vCPUs and memory by the way AWS names classes, for classes that exist no longer or not on RDS, too. */
function shapeOf(family: string, size: string): DatabaseShape | undefined {
  const known = databaseFamilies.byName[family];
  const isBurstable = known === undefined ? family.startsWith("t") : known.kind === "burstable";
  if (isBurstable) {
    const memory = burstableMemory.byName[size];
    return memory === undefined ? undefined : { vcpus: Math.max(2, memory / 4), memory };
  }
  const vcpus = vcpusOf(size);
  const ratio = known?.memoryPerVcpu ?? memoryByPurpose[family.charAt(0)];
  return vcpus === undefined || ratio === undefined ? undefined : { vcpus, memory: vcpus * ratio };
}

function vcpusOf(size: string): number | undefined {
  if (size === "large") return 2;
  if (size === "xlarge") return 4;
  const [, times] = /^(\d+)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : Number(times) * 4;
}
