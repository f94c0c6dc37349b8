/** What the simulated AWS answers about what a cluster is made of, beyond the cases of rules.test.ts. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modelOf } from "../../../src/simulator/models.ts";
import { checkInputs } from "../../../src/simulator/provider/check.ts";
import { diffInputs } from "../../../src/simulator/provider/diff.ts";
import { type Properties, unknown } from "../../../src/values/value.ts";
import { modelCases } from "../../contract/simulator-cases.ts";
import { openSmallWorld, type SmallWorld, seeRefused } from "./world.ts";

let world: SmallWorld;
beforeEach(async () => {
  world = await openSmallWorld();
});
afterEach(() => world.clouds.close());

type Inputs = Properties | ((ref: SmallWorld["ref"]) => Properties);
const made = (inputs: Inputs) => (typeof inputs === "function" ? inputs : () => inputs);

const role = ["vpc", "subnet", "subnet-b", "role"];
const cluster = [...role, "cluster"];
const nodes = [...cluster, "template", "templated-nodes"];
const trustOf = (Service: string, Action: string | readonly string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action }],
  });

/** Why the provider does not even ask the cloud. */
async function failuresOf(name: string, inputs: Properties): Promise<readonly string[]> {
  const { type, inputs: sound } = modelCases["aws"]?.[name] ?? { type: "", inputs: () => ({}) };
  const checked = await checkInputs(type, { ...sound(() => "x"), ...inputs }, undefined, async () => "name");
  return checked.failures.map(({ reason }) => reason);
}

/** Whether this change of inputs makes a new object. */
function replacesBy(type: string, before: Properties, after: Properties): boolean {
  const about = {
    urn: `urn:pulumi:s::terrane::${type}::k`,
    resourceName: "k",
    place: { cloud: "aws", account: "111122223333", region: "us-east-1" },
  };
  return diffInputs(modelOf(type), before, after, about).replaces;
}

describe("roles have to trust who works as them:", () => {
  const strange = async (Service: string, Action: string | readonly string[]) => {
    await world.make("stranger", "aws:iam/role:Role", {
      name: "stranger",
      assumeRolePolicy: trustOf(Service, Action),
    });
    return world.ref("stranger", "arn");
  };

  it("EKS itself, for a control plane", async () => {
    const roleArn = await strange("ec2.amazonaws.com", "sts:AssumeRole");
    await seeRefused(world, cluster, () => ({ roleArn }), {
      code: "InvalidParameterException",
      message:
        /stranger, could not be assumed because it does not exist or the trusted entity is not correct/,
    });
  });

  it("EC2, for nodes", async () => {
    const nodeRoleArn = await strange("eks.amazonaws.com", "sts:AssumeRole");
    await seeRefused(world, nodes, () => ({ nodeRoleArn }), {
      code: "InvalidParameterException",
      message: /required service principals \[ec2\.amazonaws\.com\] were not found/,
    });
  });

  it.each([
    [
      "for pods by federation, as before Pod Identity",
      "eks.amazonaws.com",
      ["sts:AssumeRole", "sts:TagSession"],
    ],
    ["for pods without the tags of their session", "pods.eks.amazonaws.com", ["sts:AssumeRole"]],
  ])("no role %s", async (_what, service, actions) => {
    const roleArn = await strange(service, actions);
    const refusal = {
      code: "InvalidParameterException",
      message: /Trust policy of the role provided is invalid/,
    };
    await seeRefused(world, [...cluster, "identity"], () => ({ roleArn }), refusal);
    const podIdentityAssociations = [{ roleArn, serviceAccount: "aws-node" }];
    await seeRefused(world, ["addon"], () => ({ podIdentityAssociations }), refusal);
  });
});

describe("AWS refuses", () => {
  it.each<[string, readonly string[], Inputs, string]>([
    [
      "a second template of a name",
      ["template", "template"],
      {},
      "InvalidLaunchTemplateName.AlreadyExistsException",
    ],
    [
      "a disk that gp3 does not have",
      ["template"],
      { blockDeviceMappings: [{ ebs: { volumeType: "gp3", volumeSize: 20_000 } }] },
      "InvalidParameterValue",
    ],
    [
      "metadata that answer too far away",
      ["template"],
      { metadataOptions: { httpPutResponseHopLimit: 65 } },
      "InvalidParameterValue",
    ],
    [
      "machine types in nodes whose template names one",
      nodes,
      { instanceTypes: ["m7g.large"] },
      "InvalidRequestException",
    ],
    ["nodes newer than their control plane", nodes, { version: "1.34" }, "InvalidParameterException"],
    [
      "public ranges beyond forty",
      cluster,
      (ref) => ({
        vpcConfig: {
          subnetIds: [ref("subnet"), ref("subnet-b")],
          publicAccessCidrs: Array.from({ length: 41 }, (_, index) => `203.0.113.${index}/32`),
        },
      }),
      "InvalidParameterException",
    ],
    ["a second entry of a principal", [...cluster, "entry", "entry"], {}, "ResourceInUseException"],
    [
      "an entry of nobody",
      [...cluster, "entry"],
      { principalArn: "arn:aws:s3:::bucket" },
      "InvalidParameterException",
    ],
    [
      "groups in an entry of nodes",
      [...cluster, "entry"],
      { type: "EC2_LINUX", kubernetesGroups: ["viewers"] },
      "InvalidParameterException",
    ],
    [
      "a policy for some namespaces that names none",
      [...cluster, "entry", "entry-policy"],
      { accessScope: { type: "namespace" } },
      "InvalidParameterException",
    ],
    [
      "a policy of IAM's as one of EKS's",
      [...cluster, "entry", "entry-policy"],
      { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      "InvalidParameterException",
    ],
    [
      "a second identity of a service account",
      [...cluster, "identity", "identity"],
      {},
      "ResourceInUseException",
    ],
    ["an add-on twice", [...cluster, "addon", "addon"], {}, "ResourceInUseException"],
    [
      "an add-on with two identities for one service account",
      [...cluster, "addon"],
      (ref) => {
        const one = { roleArn: ref("role", "arn"), serviceAccount: "aws-node" };
        return { podIdentityAssociations: [one, one] };
      },
      "InvalidParameterException",
    ],
    ["a queue encrypted twice over", ["queue"], { kmsMasterKeyId: "alias/aws/sqs" }, "InvalidAttributeValue"],
    [
      "a policy of a queue that is not there",
      ["queue", "queue-policy"],
      { queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/none" },
      "AWS.SimpleQueueService.NonExistentQueue",
    ],
    ["a rule that waits for nothing", ["event-rule"], { eventPattern: null }, "ValidationException"],
    ["a rule of a taken name", ["event-rule", "event-rule"], {}, "ResourceAlreadyExistsException"],
    [
      "a target that is no ARN",
      ["event-rule", "queue", "event-target"],
      { arn: "queue" },
      "ValidationException",
    ],
  ])("%s", async (_what, names, inputs, code) => {
    await seeRefused(world, names, made(inputs), { code });
  });

  it("access by entries where the cluster reads its config map alone", async () => {
    await world.need("aws", cluster, { accessConfig: { authenticationMode: "CONFIG_MAP" } });
    await seeRefused(world, ["entry"], () => ({}), {
      code: "InvalidRequestException",
      message: /must be set to one of \[API, API_AND_CONFIG_MAP\]/,
    });
  });

  it("an access policy for nodes", async () => {
    await world.need("aws", [...cluster, "entry"], { type: "EC2_LINUX" });
    await seeRefused(world, ["entry-policy"], () => ({}), { code: "InvalidRequestException" });
  });

  it("a sixth target of a rule, and to delete a rule that has some", async () => {
    await world.need("aws", ["event-rule", "queue"]);
    const target = (id: number) => ({ rule: "spot", targetId: `t${id}`, arn: world.ref("queue", "arn") });
    const type = "aws:cloudwatch/eventTarget:EventTarget";
    for (const id of [1, 2, 3, 4, 5]) await world.make(`t${id}`, type, target(id));
    await expect(world.make("t6", type, target(6))).rejects.toMatchObject({
      details: expect.objectContaining({ code: "LimitExceededException" }),
    });
    await expect(world.remove("event-rule")).rejects.toThrow(/Rule can't be deleted since it has targets/);
  });

  it("policies of one role that are too long together, whitespace aside", async () => {
    await world.need("aws", ["role"]);
    const policy = (length: number, space = "") =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: `s3:${"a".repeat(length)}`, Resource: "*" }],
      }).replaceAll(",", `,${space}`);
    const put = (name: string, document: string) =>
      world.make(name, "aws:iam/rolePolicy:RolePolicy", { name, role: "worker", policy: document });
    await put("one", policy(5000, " ".repeat(3000)));
    await put("other", policy(5000));
    await expect(put("third", policy(200))).rejects.toThrow(
      /Maximum policy size of 10240 bytes exceeded for role worker/,
    );
    await expect(world.update("other", { policy: policy(5100) })).rejects.toThrow(/10240/);
    await world.update("other", { policy: policy(100) });
  });
});

describe("the provider refuses before it asks", () => {
  it.each<[string, Properties, RegExp]>([
    ["template", { name: "a b" }, /3 to 128 letters/],
    ["queue", { name: "a.b" }, /invalid queue name: a\.b/],
    ["queue", { messageRetentionSeconds: 59 }, /in the range \(60 - 1209600\), got 59/],
    ["event-rule", { name: "a b" }, /1 to 64 letters/],
  ])("a %s with %j", async (name, inputs, reason) => {
    expect(await failuresOf(name, inputs)).toEqual([expect.stringMatching(reason)]);
  });
});

describe("a launch template", () => {
  it("gets a version with each change, and keeps its default one unless that is to follow", async () => {
    await world.need("aws", ["template"]);
    const versions = async () => {
      const { properties } = await world.clouds.show({ id: world.ref("template") });
      return [properties["latestVersion"], properties["defaultVersion"]];
    };
    expect(await versions()).toEqual([1, 1]);
    await world.update("template", { instanceType: "m7g.xlarge" });
    expect(await versions()).toEqual([2, 1]);
    await world.update("template", { instanceType: "m7g.2xlarge", updateDefaultVersion: true });
    expect(await versions()).toEqual([3, 3]);
    await world.update("template", { instanceType: "m7g.2xlarge", tags: { Owner: "team" } });
    expect(await versions()).toEqual([3, 3]);
  });
});

describe("an add-on", () => {
  it("of another minor version outlives the control plane's upgrade, and is judged once it changes", async () => {
    const addonVersion = "v1.33.7-eksbuild.2";
    await world.need("aws", [...cluster, "addon"], { addonName: "kube-proxy", addonVersion });
    await world.update("cluster", { version: "1.34" });
    await world.update("addon", { resolveConflictsOnUpdate: "PRESERVE" });
    await expect(world.update("addon", { addonVersion: "v1.35.0-eksbuild.2" })).rejects.toThrow(
      /Addon version specified is not supported/,
    );
    await world.update("addon", { addonVersion: "v1.34.1-eksbuild.2" });
  });
});

describe("nodes of a template", () => {
  it("roll over to its next version in place, known or not, and are made again for another template", () => {
    const type = "aws:eks/nodeGroup:NodeGroup";
    const before = { launchTemplate: { id: "lt-1", version: "1" } };
    const replaces = (after: Properties) => replacesBy(type, before, after);
    expect(replaces({ launchTemplate: { id: "lt-1", version: "2" } })).toBe(false);
    expect(replaces({ launchTemplate: { id: "lt-1", version: unknown } })).toBe(false);
    expect(replaces({ launchTemplate: { id: "lt-2", version: "1" } })).toBe(true);
    expect(replaces({})).toBe(true);
  });
});

describe("encryption of secrets", () => {
  it("is added to a live cluster in place, and never changed or taken away", async () => {
    const by = (key?: string) =>
      key === undefined ? {} : { encryptionConfig: { provider: { keyArn: key }, resources: ["secrets"] } };
    const replaces = (before?: string, after?: string) =>
      replacesBy("aws:eks/cluster:Cluster", by(before), by(after));
    expect([replaces(undefined, "a"), replaces("a", "b"), replaces("a")]).toEqual([false, true, true]);
  });
});
