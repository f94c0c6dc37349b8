/**
 * Until when each cloud supports each Kubernetes minor version: for validation, for policies and for the reference. Data
 * with a source and a date, no rule.
 */

export interface VersionSupport {
  /** Last day of standard support, `YYYY-MM-DD`. */
  readonly standardUntil: string;
  /** Last day of extended support, at extra cost. */
  readonly extendedUntil: string;
}

export interface VersionTable {
  /** Name of the service for people. */
  readonly service: string;
  /** The cloud's own page. Where its dates were read from a copy, the copy's day counts. */
  readonly source: string;
  /** Day that the dates were true, `YYYY-MM-DD`. */
  readonly read: string;
  readonly extendedSupport: string;
  /** By minor version, oldest first. Versions before the first one have ended. */
  readonly versions: Readonly<Record<string, VersionSupport>>;
}

/**
 * The day that validation judges by: a document must not turn wrong overnight, so only a release of terrane moves it.
 * Policies judge by the clock.
 */
export const versionsJudgedOn = "2026-11-21";

/** A table older than this many days may lack new versions: Kubernetes brings three minor versions a year. */
export const staleAfterDays = 365;

export const eksVersions: VersionTable = {
  service: "Amazon EKS",
  source:
    "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar",
  read: "2026-04-24",
  extendedSupport: "$0.60 instead of $0.10 per cluster and hour",
  versions: {
    "1.29": { standardUntil: "2025-03-23", extendedUntil: "2026-03-23" },
    "1.30": { standardUntil: "2025-07-23", extendedUntil: "2026-07-23" },
    "1.31": { standardUntil: "2025-11-26", extendedUntil: "2026-11-26" },
    "1.32": { standardUntil: "2026-03-23", extendedUntil: "2027-03-23" },
    "1.33": { standardUntil: "2026-07-29", extendedUntil: "2027-07-29" },
    "1.34": { standardUntil: "2026-12-02", extendedUntil: "2027-12-02" },
    "1.35": { standardUntil: "2027-03-27", extendedUntil: "2028-03-27" },
  },
};

/**
 * Extended support ends 24 months after the version came to the Regular channel
 * (https://cloud.google.com/kubernetes-engine/versioning); the days here are counted from that.
 */
export const gkeVersions: VersionTable = {
  service: "Google Kubernetes Engine",
  source: "https://cloud.google.com/kubernetes-engine/docs/release-schedule",
  read: "2026-02-19",
  extendedSupport: "only in the Extended channel, at an extra fee per cluster and hour",
  versions: {
    "1.30": { standardUntil: "2025-09-30", extendedUntil: "2026-07-31" },
    "1.31": { standardUntil: "2026-01-16", extendedUntil: "2026-10-25" },
    "1.32": { standardUntil: "2026-04-11", extendedUntil: "2027-02-11" },
    "1.33": { standardUntil: "2026-08-03", extendedUntil: "2027-06-03" },
    "1.34": { standardUntil: "2026-10-01", extendedUntil: "2027-09-30" },
    "1.35": { standardUntil: "2027-04-11", extendedUntil: "2028-02-11" },
  },
};
