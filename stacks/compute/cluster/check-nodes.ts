/** Numbers and machine types of the system nodes on AWS. */
import type { FieldRefusal, Place } from "../../../src/catalog/component.ts";
import { nearest } from "../../../src/values/nearest.ts";
import { nodesPerGroup } from "../../limits/aws-eks.ts";
import {
  type InstanceType,
  instanceFamilies,
  instanceType,
  isOffered,
  retiredFamilies,
  typesOfEqualShape,
} from "../../limits/aws-instances.ts";
import type { ClusterFields } from "./cluster-fields.ts";

type NodeFields = Pick<ClusterFields, "nodes" | "nodeType" | "autoscaling" | "limits">;

/** GiB below which a system node has no room for its DaemonSets, DNS and Karpenter, which asks for 1 GiB. */
const leastMemory = 4;
/** An added node has at least this many virtual processors: smaller ones are eaten up by their DaemonSets. */
export const leastCpus = 4;

export function checkNodes(fields: NodeFields, place: Place): readonly FieldRefusal[] {
  if (place.cloud !== "aws") return [];
  return [...checkNumber(fields, place), ...checkLimits(fields), ...checkType(fields.nodeType, place.region)];
}

/** What nothing else can stand in for in prod survives the loss of a node. */
function checkNumber({ nodes }: NodeFields, { environmentClass }: Place): readonly FieldRefusal[] {
  if (environmentClass !== "prod" || nodes >= 2) return [];
  return [
    {
      field: "nodes",
      code: "bad-range",
      message: `${nodes} system node in prod: DNS and what adds other nodes would go with it`,
      allowed: `2 to ${nodesPerGroup.most}; 3 where there are three zones`,
      nearest: "3",
    },
  ];
}

/** Karpenter stops at whichever limit comes first: memory below one GiB per processor would make no node at all. */
function checkLimits({ autoscaling, limits }: NodeFields): readonly FieldRefusal[] {
  if (autoscaling === "none" || limits.memory >= limits.cpu * 2) return [];
  return [
    {
      field: "limits",
      code: "bad-range",
      message: `${limits.memory} GiB for ${limits.cpu} processors: the leanest family has 2 GiB for each`,
      allowed: `memory of ${limits.cpu * 2} GiB and more, or cpu of ${Math.floor(limits.memory / 2)} and less`,
    },
  ];
}

function checkType(name: string, region: string): readonly FieldRefusal[] {
  const type = instanceType(name);
  if (type === undefined) return [unknownType(name, region)];
  const refuse = (message: string, shape: Partial<InstanceType>): FieldRefusal => ({
    field: "nodeType",
    code: "bad-value",
    message,
    ...proposals(shape, region),
  });
  const { cpus, memory, architecture } = type;
  if (!isOffered(type, region))
    return [refuse(`${name} is not offered in ${region} (list of 2026-11-21)`, { cpus, architecture })];
  if (type.accelerator)
    return [
      refuse(
        `${name} has an accelerator, and system nodes come without its driver: give it to workloads, by a node pool of their own`,
        { cpus, architecture },
      ),
    ];
  if (memory < leastMemory)
    return [
      refuse(`${name} has ${memory} GiB, and a system node needs ${leastMemory}`, { cpus: 2, memory: 4 }),
    ];
  return [];
}

function unknownType(name: string, region: string): FieldRefusal {
  const [family = "", size = ""] = name.split(".");
  const successor = Object.hasOwn(retiredFamilies.byName, family)
    ? retiredFamilies.byName[family]
    : undefined;
  if (successor !== undefined) {
    const { memoryPerCpu, architecture } = instanceFamilies.byName[successor] ?? {};
    const same = instanceType(`${successor}.${size}`);
    const shape = same ?? { cpus: 2, memory: 2 * (memoryPerCpu ?? 4) };
    const message = `${name} is of a family that EKS takes no new nodes of (list of 2026-11-21)`;
    const { cpus, memory } = shape;
    return {
      field: "nodeType",
      code: "bad-value",
      message,
      ...proposals({ cpus, memory, ...(architecture && { architecture }) }, region),
      ...(same === undefined ? {} : { nearest: `${successor}.${size}` }),
    };
  }
  const names = Object.entries(instanceFamilies.byName).flatMap(([each, { sizes }]) =>
    sizes.map((one) => `${each}.${one}`),
  );
  const close = Object.hasOwn(instanceFamilies.byName, family) ? undefined : nearest(name, names);
  const sizes = Object.hasOwn(instanceFamilies.byName, family)
    ? instanceFamilies.byName[family]?.sizes
    : undefined;
  const near = close ?? (sizes === undefined ? undefined : nearest(size, sizes));
  const right = close ?? (near === undefined ? undefined : `${family}.${near}`);
  return {
    field: "nodeType",
    code: "bad-value",
    message: `${name} is no machine type that terrane knows (list of 2026-11-21)`,
    allowed:
      sizes === undefined
        ? `${family === name ? "family.size" : "a type"} such as ${typesOfEqualShape({ cpus: 2, memory: 8 }, region).join(", ")}`
        : `${family}.${sizes.join(`, ${family}.`)}`,
    ...(right === undefined ? {} : { nearest: right }),
  };
}

function proposals(shape: Partial<InstanceType>, region: string): Pick<FieldRefusal, "allowed" | "nearest"> {
  const types = typesOfEqualShape(shape, region);
  const [first] = types;
  return first === undefined ? {} : { allowed: types.join(", "), nearest: first };
}
