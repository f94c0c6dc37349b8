import { describe, expect, it } from "vitest";
import { modelledTypes, statefulTypes, typeInfo } from "../../../src/simulator/models.ts";
import { functionSchema, sdkVersion, typeSchema } from "../../../src/simulator/schema.ts";

describe("the schema of a resource type", () => {
  it("has the inputs, what is required of them, outputs and secrets of an AWS type", () => {
    const schema = typeSchema("aws:rds/instance:Instance");
    expect(schema?.required).toEqual(["instanceClass"]);
    expect(schema?.inputs.get("allocatedStorage")).toBe("number");
    expect(schema?.inputs.get("vpcSecurityGroupIds")).toBe("list");
    expect(schema?.inputs.get("tags")).toBe("map");
    expect(schema?.inputs.get("multiAz")).toBe("boolean");
    expect(schema?.inputs.has("endpoint")).toBe(false);
    expect(schema?.outputs.get("endpoint")).toBe("string");
    expect([...(schema?.secrets ?? [])]).toEqual(["password", "passwordWo"]);
  });

  it.each([
    ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "securityGroupId"],
    ["gcp:compute/subnetwork:Subnetwork", "network"],
    ["kubernetes:core/v1:Namespace", "metadata"],
    ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "rules"],
    ["kubernetes:apiregistration.k8s.io/v1:APIService", "spec"],
    ["kubernetes:helm.sh/v3:Release", "chart"],
  ])("of %s is found in its package's own layout", (type, input) => {
    expect(typeSchema(type)?.inputs.has(input)).toBe(true);
  });

  it("takes any input for a custom resource of Kubernetes", () => {
    expect(typeSchema("kubernetes:argoproj.io/v1alpha1:Application")).toMatchObject({
      open: true,
      required: ["apiVersion", "kind"],
    });
  });

  it.each([
    "aws:ec2/nothing:Nothing",
    "aws:../../package:Vpc",
    "nocloud:ec2/vpc:Vpc",
    "kubernetes:apps/v1:Nothing",
    "kubernetes:nothing.k8s.io/v1:Nothing",
    "",
    "aws",
    "aws:ec2/vpc:constructor",
  ])("is undefined for %j", (type) => {
    expect(typeSchema(type)).toBeUndefined();
  });

  it("is read once", () => {
    expect(typeSchema("aws:ec2/vpc:Vpc")).toBe(typeSchema("aws:ec2/vpc:Vpc"));
  });
});

describe("the schema of a function", () => {
  it("has the names of its inputs", () => {
    expect([...(functionSchema("aws:ssm/getParameter:getParameter")?.inputs ?? [])]).toContain("name");
    expect(functionSchema("gcp:organizations/getClientConfig:getClientConfig")?.inputs.size).toBe(0);
    expect(functionSchema("aws:index/getNothing:getNothing")).toBeUndefined();
  });
});

describe("what a plan is told of a type", () => {
  it("says which types keep data, and whose replacement nobody knows", () => {
    expect(typeInfo("aws:rds/instance:Instance")).toEqual({ modelled: true, stateful: true });
    expect(typeInfo("aws:ec2/vpc:Vpc")).toEqual({ modelled: true, stateful: false });
    expect(typeInfo("aws:s3/bucket:Bucket")).toEqual({ modelled: false, stateful: true });
    expect(typeInfo("aws:sns/topic:Topic")).toEqual({ modelled: false, stateful: false });
    expect(typeInfo("kubernetes:argoproj.io/v1alpha1:Application")).toEqual({
      modelled: true,
      stateful: false,
    });
    expect(typeInfo("pulumi:providers:aws")).toEqual({ modelled: true, stateful: false });
    expect(typeInfo("terrane:component:Vpc")).toEqual({ modelled: true, stateful: false });
  });

  it("lists only types that the SDKs have", () => {
    expect([...modelledTypes, ...statefulTypes].filter((type) => typeSchema(type) === undefined)).toEqual([]);
  });
});

it("knows the installed SDKs by version, and says nothing of one that is not installed", () => {
  expect(sdkVersion("aws")).toMatch(/^\d+\.\d+\.\d+$/);
  expect(sdkVersion("nocloud")).toBeUndefined();
});
