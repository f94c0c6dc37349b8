/**
 * Instance families of Amazon EC2 that clusters run on, and those that were taken back. A family's sizes follow from its
 * ratio of memory to processors, so a family is one line. Data.
 */
import { limitsAsOf } from "./limit.ts";

const limit = limitsAsOf("2026-11-21");
const fromMemory = "From memory; `aws ec2 describe-instance-type-offerings` has a region's own list.";

export type Architecture = "arm64" | "amd64";

export interface InstanceFamily {
  readonly architecture: Architecture;
  /** GiB of memory for each virtual processor. */
  readonly memoryPerCpu: number;
  readonly sizes: readonly InstanceSize[];
  /** Needs a driver of its own. */
  readonly accelerator?: true;
  /** Where it is offered; everywhere that the table of zones knows when absent. */
  readonly regions?: readonly string[];
}

/** Virtual processors by size, as far as sizes mean the same in every family. */
const cpusBySize = {
  medium: 1,
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "9xlarge": 36,
  "12xlarge": 48,
  "16xlarge": 64,
  "18xlarge": 72,
  "24xlarge": 96,
  "32xlarge": 128,
  "48xlarge": 192,
} as const;
type PlainSize = keyof typeof cpusBySize;

/** Burstable sizes have two processors up to `large` and differ by memory. */
const burstableMemory = { nano: 0.5, micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 };
type InstanceSize = PlainSize | keyof typeof burstableMemory;

const upTo12 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge"] as const;
const fifth = [...upTo12, "16xlarge", "24xlarge"] as const;
const sixthIntel = [...fifth, "32xlarge"] as const;
const seventhIntel = [...fifth, "48xlarge"] as const;
const amd = [...sixthIntel, "48xlarge"] as const;
const graviton = ["medium", ...upTo12, "16xlarge"] as const;
const graviton4 = [...graviton, "24xlarge", "48xlarge"] as const;
const fifthCompute = [
  "large",
  "xlarge",
  "2xlarge",
  "4xlarge",
  "9xlarge",
  "12xlarge",
  "18xlarge",
  "24xlarge",
] as const;
const burstable = ["nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"] as const;
const gpu = ["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;

const x86 = (memoryPerCpu: number, sizes: readonly InstanceSize[]): InstanceFamily => ({
  architecture: "amd64",
  memoryPerCpu,
  sizes,
});
const arm = (memoryPerCpu: number, sizes: readonly InstanceSize[]): InstanceFamily => ({
  architecture: "arm64",
  memoryPerCpu,
  sizes,
});

const families: Readonly<Record<string, InstanceFamily>> = {
  m5: x86(4, fifth),
  m5a: x86(4, fifth),
  m5d: x86(4, fifth),
  m6i: x86(4, sixthIntel),
  m6id: x86(4, sixthIntel),
  m6a: x86(4, amd),
  m6g: arm(4, graviton),
  m6gd: arm(4, graviton),
  m7i: x86(4, seventhIntel),
  "m7i-flex": x86(4, upTo12),
  m7a: x86(4, ["medium", ...amd]),
  m7g: arm(4, graviton),
  m7gd: arm(4, graviton),
  m8g: arm(4, graviton4),
  c5: x86(2, fifthCompute),
  c5a: x86(2, fifth),
  c6i: x86(2, sixthIntel),
  c6a: x86(2, amd),
  c6g: arm(2, graviton),
  c6gn: arm(2, graviton),
  c7i: x86(2, seventhIntel),
  "c7i-flex": x86(2, upTo12),
  c7a: x86(2, ["medium", ...amd]),
  c7g: arm(2, graviton),
  c7gn: arm(2, graviton),
  c7gd: arm(2, graviton),
  c8g: arm(2, graviton4),
  r5: x86(8, fifth),
  r5a: x86(8, fifth),
  r6i: x86(8, sixthIntel),
  r6a: x86(8, amd),
  r6g: arm(8, graviton),
  r7i: x86(8, seventhIntel),
  r7a: x86(8, ["medium", ...amd]),
  r7g: arm(8, graviton),
  r8g: arm(8, graviton4),
  t3: x86(4, burstable),
  t3a: x86(4, burstable),
  t4g: arm(4, burstable),
  g4dn: { ...x86(4, gpu), accelerator: true },
  g5: { ...x86(4, gpu), accelerator: true },
  g6: { ...x86(4, gpu), accelerator: true },
  g5g: {
    ...arm(2, ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"]),
    accelerator: true,
    regions: ["us-east-1", "us-west-2", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1"],
  },
  p4d: {
    ...x86(12, ["24xlarge"]),
    accelerator: true,
    regions: ["us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1"],
  },
  p5: {
    ...x86(10.67, ["48xlarge"]),
    accelerator: true,
    regions: ["us-east-1", "us-east-2", "us-west-2", "ap-northeast-1"],
  },
};

export const instanceFamilies = limit({
  what: "Families of instance types that nodes can have, with their sizes",
  byName: families,
  source: "https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html",
  note: fromMemory,
});

const retired: Readonly<Record<string, string>> = {
  t1: "t3",
  m1: "m7i",
  m2: "r7i",
  m3: "m7i",
  c1: "c7i",
  c3: "c7i",
  cc2: "c7i",
  cr1: "r7i",
  g2: "g5",
  a1: "m7g",
};

export const retiredFamilies = limit({
  what: "Families that EKS takes no new nodes of, with the one of the same shape that is there now",
  byName: retired,
  source: "https://aws.amazon.com/ec2/previous-generation/",
  note: fromMemory,
});

export interface InstanceType {
  readonly family: string;
  readonly size: string;
  readonly architecture: Architecture;
  readonly cpus: number;
  /** GiB. */
  readonly memory: number;
  readonly accelerator: boolean;
  readonly regions: readonly string[] | undefined;
}

/** What a name such as `m7g.large` stands for; undefined where the table does not have it. */
export function instanceType(name: string): InstanceType | undefined {
  const dot = name.indexOf(".");
  const family = name.slice(0, dot);
  const known = Object.hasOwn(families, family) ? families[family] : undefined;
  const size = known?.sizes.find((each) => each === name.slice(dot + 1));
  if (known === undefined || size === undefined) return undefined;
  const cpus = family.startsWith("t") ? burstableCpus(size) : cpusBySize[size as PlainSize];
  const memory = family.startsWith("t")
    ? burstableMemory[size as keyof typeof burstableMemory]
    : cpus * known.memoryPerCpu;
  const { architecture, accelerator = false, regions } = known;
  return { family, size, architecture, cpus, memory, accelerator, regions };
}

/** Types of the same processors and nearly the same memory in a region, the newest of the wanted architecture first. */
export function typesOfEqualShape(wanted: Partial<InstanceType>, region: string): readonly string[] {
  const names = Object.entries(families).flatMap(([family, { sizes }]) =>
    sizes.map((size) => `${family}.${size}`),
  );
  return names
    .filter((name) => {
      const type = instanceType(name);
      if (type === undefined || type.accelerator || !isOffered(type, region)) return false;
      const cpus = wanted.cpus === undefined || type.cpus === wanted.cpus;
      const memory = wanted.memory === undefined || type.memory === wanted.memory;
      return (
        cpus && memory && (wanted.architecture === undefined || type.architecture === wanted.architecture)
      );
    })
    .sort((left, right) => generationOf(right) - generationOf(left))
    .slice(0, 4);
}

export function isOffered({ regions }: Pick<InstanceType, "regions">, region: string): boolean {
  return regions === undefined || regions.includes(region);
}

function generationOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

function burstableCpus(size: InstanceSize): number {
  if (size === "xlarge") return 4;
  return size === "2xlarge" ? 8 : 2;
}
