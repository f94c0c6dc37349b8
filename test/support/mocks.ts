/** The smallest clouds there are: inputs come back, ids and what else only a cloud knows is made from the name. */
import type { MockResourceArgs, Mocks } from "@pulumi/pulumi/runtime/mocks.js";

/** Answers nothing that the program did not say: in a preview everything else is unknown. */
export const echoMocks: Mocks = {
  newResource: ({ inputs }) => ({ id: undefined, state: inputs }),
  call: ({ token }) => {
    throw new Error(`${token} was called, and programs must not ask a cloud anything`);
  },
};

const account = "111122223333";

/** What clouds add to a few types, so that every output of the catalog's components is known. */
const computed: Readonly<Record<string, (resource: MockResourceArgs) => Record<string, unknown>>> = {
  "aws:rds/instance:Instance": ({ name }) => ({
    address: `${name}.rds.example`,
    masterUserSecrets: [{ secretArn: `arn:aws:secretsmanager:::secret:${name}` }],
  }),
  "aws:eks/cluster:Cluster": ({ name, inputs }) => ({
    endpoint: `https://${name}.eks.example`,
    certificateAuthority: { data: "Q0E=" },
    vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: `sg-${name}` },
  }),
  "aws:ec2/vpc:Vpc": () => ({ ownerId: account }),
  "aws:kms/key:Key": ({ name }) => ({ arn: `arn:aws:kms:us-east-1:${account}:key/${name}`, keyId: name }),
  "aws:iam/policy:Policy": ({ inputs }) => ({ arn: `arn:aws:iam::${account}:policy/${inputs.name}` }),
  "gcp:compute/network:Network": () => ({ project: "example-project" }),
};

/** Answers as after an `up`: everything is known. */
export const knownMocks: Mocks = {
  newResource: (resource) => {
    const id = `${resource.type.split(":").at(-1)?.toLowerCase()}-${resource.name}`;
    const arn = `arn:aws:::${id}`;
    return { id, state: { arn, ...resource.inputs, ...computed[resource.type]?.(resource) } };
  },
  call: echoMocks.call,
};
