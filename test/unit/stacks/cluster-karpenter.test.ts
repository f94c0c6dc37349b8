import { expect, test } from "vitest";
import { cluster } from "../../../stacks/compute/cluster/contract.ts";
import { type RenderedComponent, renderComponent } from "../../support/render-component.ts";
import { at } from "../../support/specs.ts";

const base = { contract: cluster, references: { network: at("vpc") } } as const;

interface PoolSpec {
  readonly weight: number;
  readonly limits: unknown;
  readonly template: {
    readonly spec: {
      readonly requirements: readonly { readonly key: string; readonly values: readonly string[] }[];
      readonly taints?: readonly { readonly key: string; readonly value: string }[];
    };
  };
}

function poolsOf({ ofType }: RenderedComponent) {
  return ofType("NodePool")
    .map(({ inputs }) => {
      const { name } = inputs["metadata"] as { name: string };
      const { weight, limits, template } = inputs["spec"] as unknown as PoolSpec;
      const taints = (template.spec.taints ?? []).map(({ key, value }) => `${key}=${value}`);
      return { name, weight, limits, taints };
    })
    .sort((left, right) => right.weight - left.weight);
}

test("pools are spot and on-demand, arm64 and amd64; pods that say nothing land in the first", async () => {
  const pools = poolsOf(await renderComponent({ ...base, environmentClass: "prod" }));
  const limits = { cpu: "48", memory: "192Gi" };
  expect(pools).toEqual([
    { name: "on-demand-arm64", weight: 40, limits, taints: [] },
    { name: "on-demand-amd64", weight: 30, limits, taints: ["kubernetes.io/arch=amd64"] },
    { name: "spot-arm64", weight: 20, limits, taints: ["terrane.dev/capacity=spot"] },
    {
      name: "spot-amd64",
      weight: 10,
      limits,
      taints: ["kubernetes.io/arch=amd64", "terrane.dev/capacity=spot"],
    },
  ]);
});

test("where spot comes first, on-demand takes over what spot has no room for", async () => {
  const pools = poolsOf(await renderComponent({ ...base, fields: { architectures: ["amd64"] } }));
  expect(pools.map(({ name, taints }) => [name, taints])).toEqual([
    ["spot-amd64", []],
    ["on-demand-amd64", []],
  ]);
});

test("added nodes stand in the private subnets, with encrypted disks and metadata that pods cannot reach", async () => {
  const { only } = await renderComponent(base);
  expect(only("EC2NodeClass").inputs["spec"]).toMatchObject({
    amiSelectorTerms: [{ alias: "al2023@latest" }],
    role: expect.stringMatching(/karpenter-nodes/),
    subnetSelectorTerms: [{ id: "private-1" }, { id: "private-2" }],
    securityGroupSelectorTerms: [{ id: "sg-cluster" }],
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [{ ebs: { volumeType: "gp3", encrypted: true } }],
    kubelet: { maxPods: 110 },
    tags: { Project: "payments", "terrane:environment": "payments-dev" },
  });
});

test("what ends nodes reaches the queue, and only events may write to it", async () => {
  const { only, ofType } = await renderComponent(base);
  const details = ofType("EventRule").map(
    ({ inputs }) => JSON.parse(inputs["eventPattern"] as string)["detail-type"][0],
  );
  expect(details.sort()).toEqual([
    "AWS Health Event",
    "EC2 Capacity Reservation Instance Interruption Warning",
    "EC2 Instance Rebalance Recommendation",
    "EC2 Instance State-change Notification",
    "EC2 Spot Instance Interruption Warning",
  ]);
  expect(ofType("EventTarget").map(({ inputs }) => inputs["arn"])).toEqual(
    details.map(() => "arn:aws:::queue-cluster-interruptions"),
  );
  expect(only("Queue").inputs).toMatchObject({ messageRetentionSeconds: 300, sqsManagedSseEnabled: true });
  const { Statement } = JSON.parse(only("QueuePolicy").inputs["policy"] as string);
  expect(Statement[0].Principal).toEqual({ Service: ["events.amazonaws.com", "sqs.amazonaws.com"] });
  expect(Statement[1]).toMatchObject({
    Effect: "Deny",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});

test("the controller works as a role for pods that touches only the cluster's own, and nodes may join", async () => {
  const { ofType, only } = await renderComponent(base);
  expect(only("PodIdentityAssociation").inputs).toMatchObject({
    namespace: "kube-system",
    serviceAccount: "karpenter",
    roleArn: "arn:aws:::role-cluster-karpenter",
  });
  const policy = ofType("RolePolicy").find(({ name }) => name === "cluster-karpenter")?.inputs[
    "policy"
  ] as string;
  const ending = JSON.parse(policy).Statement.find(({ Sid }: { Sid: string }) => Sid === "EndOwn");
  expect(ending.Condition.StringEquals).toEqual({
    [`aws:ResourceTag/kubernetes.io/cluster/${only("Cluster").inputs["name"]}`]: "owned",
  });
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(policy.replace(/\s/g, "").length).toBeLessThan(10_240);
  expect(ofType("AccessEntry").map(({ inputs }) => [inputs["principalArn"], inputs["type"]])).toEqual([
    ["arn:aws:::role-cluster-karpenter-nodes", "EC2_LINUX"],
  ]);
});

test("pools come after the controller and its definitions, and the controller after all it needs", async () => {
  const { only, ofType } = await renderComponent(base);
  const named = (name: string) => ofType("Release").find((each) => each.name === name);
  const controller = named("cluster-karpenter");
  expect(controller?.inputs).toMatchObject({
    chart: "oci://public.ecr.aws/karpenter/karpenter",
    version: "1.15.0",
    skipCrds: true,
  });
  const needed = [
    named("cluster-karpenter-definitions"),
    only("NodeGroup"),
    only("PodIdentityAssociation"),
    only("QueuePolicy"),
    ...ofType("Addon"),
    ...ofType("EventTarget"),
  ].map((each) => each?.urn);
  expect(controller?.dependsOn).toEqual(expect.arrayContaining(needed));
  expect(only("EC2NodeClass").dependsOn).toContain(controller?.urn);
  for (const pool of ofType("NodePool")) expect(pool.dependsOn).toContain(only("EC2NodeClass").urn);
});
