/** Clusters run a Kubernetes version that their cloud still supports, on the day of the judgement. */
import type { Reader } from "../../src/policy/answer.ts";
import { defineRule, severityByClass, type Verdict } from "../../src/policy/rule.ts";
import {
  eksVersions,
  gkeVersions,
  staleAfterDays,
  type VersionTable,
} from "../../src/values/cluster-versions.ts";

interface VersionedType {
  /** Without it the cloud chooses a version, always a supported one. */
  readonly property: string;
  readonly table: VersionTable;
}

const types: Readonly<Record<string, VersionedType>> = {
  "aws:eks/cluster:Cluster": { property: "version", table: eksVersions },
  "aws:eks/nodeGroup:NodeGroup": { property: "version", table: eksVersions },
  "gcp:container/cluster:Cluster": { property: "minMasterVersion", table: gkeVersions },
};

export const supportedClusterVersion = defineRule({
  id: "baseline/supported-cluster-version",
  title: "Clusters run a Kubernetes version that their cloud supports.",
  sources: [eksVersions.source, gkeVersions.source],
  severity: severityByClass("deny", { dev: "warn", sandbox: "warn" }),
  types: Object.keys(types),
  dependsOnTime: true,
  *check({ inputs, type }, { today }) {
    const versioned = types[type];
    if (versioned === undefined) return;
    yield* checkVersion(inputs.at(versioned.property), versioned.table, today);
  },
});

function* checkVersion(version: Reader, table: VersionTable, today: string): Iterable<Verdict> {
  const property = version.path;
  if (version.state === "absent") return;
  if (version.state === "unknown") return yield { verdict: "undetermined", property };
  const minor = typeof version.value === "string" ? minorOf(version.value) : undefined;
  // GKE has words for it, such as `latest`; what they mean is always supported.
  if (version.state === "known" && version.value === "latest" && table !== eksVersions) return;
  if (minor === undefined) {
    return yield {
      verdict: "fail",
      property,
      why: "the version cannot be read as a Kubernetes minor version",
      mend: `Give a version such as "${newestOf(table)}".`,
    };
  }
  yield* checkMinor(minor, property, table, today);
}

function* checkMinor(minor: string, property: string, table: VersionTable, today: string): Iterable<Verdict> {
  const dated = `dates of ${table.read}`;
  const mend = `Choose one of ${supportedOn(today, table).join(", ") || "a newer terrane's versions"}.`;
  const support = Object.hasOwn(table.versions, minor) ? table.versions[minor] : undefined;
  if (support === undefined) {
    const ended = numberOf(minor) < numberOf(newestOf(table));
    const why = ended
      ? `${table.service} no longer supports Kubernetes ${minor} (${dated})`
      : `terrane does not know that ${table.service} offers Kubernetes ${minor} (${dated})`;
    yield { verdict: "fail", property, why, mend };
  } else if (today > support.extendedUntil) {
    const why = `${table.service} ended its support of Kubernetes ${minor} on ${support.extendedUntil} (${dated})`;
    yield { verdict: "fail", property, why, mend };
  } else if (today > support.standardUntil) {
    yield {
      verdict: "fail",
      property,
      why: `standard support of Kubernetes ${minor} on ${table.service} ended on ${support.standardUntil}; extended support until ${support.extendedUntil} costs more: ${table.extendedSupport} (${dated})`,
      mend,
      severity: "warn",
    };
  }
  const age = daysBetween(table.read, today);
  if (age <= staleAfterDays) return;
  yield {
    verdict: "fail",
    property,
    why: `the table of ${table.service} versions is ${age} days old (data-stale): newer versions may be missing`,
    mend: "Use a newer release of terrane.",
    severity: "warn",
  };
}

// "1.34", "v1.34.2", "1.34.4-gke.1047000" → "1.34"
function minorOf(version: string): string | undefined {
  return /^v?(1\.\d+)(?:[.+-]|$)/.exec(version.trim())?.[1];
}

function numberOf(minor: string): number {
  return Number(minor.slice("1.".length));
}

function newestOf(table: VersionTable): string {
  return Object.keys(table.versions).at(-1) ?? "";
}

function supportedOn(today: string, table: VersionTable): string[] {
  return Object.entries(table.versions)
    .filter(([, support]) => today <= support.standardUntil)
    .map(([minor]) => minor);
}

function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
