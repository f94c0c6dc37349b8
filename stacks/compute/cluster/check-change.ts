/** What cannot become of a live cluster, with the steps that would be legal. */
import type { FieldRefusal, Place } from "../../../src/catalog/component.ts";
import { minorOf } from "./check-version.ts";
import type { ClusterFields } from "./cluster-fields.ts";

type Changing = Pick<ClusterFields, "version" | "serviceRange">;

export function checkClusterChange(
  before: Changing,
  after: Changing,
  _place: Place,
): readonly FieldRefusal[] {
  return [...checkVersionStep(before, after), ...checkServiceRange(before, after)];
}

/**
 * A control plane goes up one minor version at a time and never back; nodes follow it within the same `up`, so they are
 * never more than one minor version behind. https://kubernetes.io/releases/version-skew-policy/ and
 * https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html, as of 2026-11-21.
 */
function checkVersionStep(before: Changing, after: Changing): readonly FieldRefusal[] {
  const [from, to] = [minorOf(before.version), minorOf(after.version)];
  if (to === from || to === from + 1) return [];
  if (to < from) {
    return [
      {
        field: "version",
        code: "bad-change",
        message: `the cluster runs Kubernetes ${before.version}; no cloud takes a control plane back to ${after.version}`,
        allowed: `"1.${from}" or "1.${from + 1}"`,
        nearest: before.version,
        next: `Keep "${before.version}", or make a new cluster and move the workloads.`,
      },
    ];
  }
  const steps = Array.from({ length: to - from }, (_, index) => `1.${from + index + 1}`);
  return [
    {
      field: "version",
      code: "bad-change",
      message: `the cluster runs Kubernetes ${before.version}, and minor versions cannot be skipped`,
      allowed: steps.join(", then "),
      nearest: `1.${from + 1}`,
      next: `Write "1.${from + 1}", run \`terrane up\`, then go on step by step.`,
    },
  ];
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html, as of 2026-11-21. */
function checkServiceRange(before: Changing, after: Changing): readonly FieldRefusal[] {
  if (before.serviceRange === undefined || before.serviceRange === after.serviceRange) return [];
  return [
    {
      field: "serviceRange",
      code: "bad-change",
      message: `services of a live cluster stay in ${before.serviceRange}: another range means another cluster`,
      allowed: before.serviceRange,
      nearest: before.serviceRange,
      next: "Keep the range, or make a second cluster beside this one and move the workloads.",
    },
  ];
}
