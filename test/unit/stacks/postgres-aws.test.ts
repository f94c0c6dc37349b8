import { expect, test } from "vitest";
import { postgres } from "../../../stacks/data/postgres/contract.ts";
import { renderComponent } from "../../support/render-component.ts";
import { at } from "../../support/specs.ts";

const base = { contract: postgres, name: "orders", references: { network: at("vpc") } } as const;

test("is encrypted, private, and its password stays with the cloud", async () => {
  const { only } = await renderComponent(base);
  expect(only("Instance").inputs).toMatchObject({
    engine: "postgres",
    engineVersion: "17",
    storageEncrypted: true,
    storageType: "gp3",
    publiclyAccessible: false,
    manageMasterUserPassword: true,
    autoMinorVersionUpgrade: true,
    vpcSecurityGroupIds: ["securitygroup-orders-access"],
  });
  expect(only("Instance").inputs).not.toHaveProperty("password");
});

test("stands in the database subnets and admits nobody by itself", async () => {
  const { only, ofType } = await renderComponent(base);
  expect(only("SubnetGroup").inputs["subnetIds"]).toEqual(["database-1", "database-2"]);
  expect(only("SecurityGroup").inputs["vpcId"]).toBe("network-1");
  expect(only("SecurityGroup").inputs).not.toHaveProperty("ingress");
  expect([...ofType("SecurityGroupIngressRule"), ...ofType("SecurityGroupEgressRule")]).toEqual([]);
});

const throwaway = { applyImmediately: true, skipFinalSnapshot: true, deleteAutomatedBackups: true };
const loose = { ...throwaway, multiAz: false, deletionProtection: false };

test.each([
  {
    environmentClass: "prod",
    expected: {
      multiAz: true,
      deletionProtection: true,
      backupRetentionPeriod: 30,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: expect.stringMatching(/^payments-dev-orders-final-[0-9a-f]{6}$/),
      deleteAutomatedBackups: false,
      applyImmediately: false,
    },
  },
  { environmentClass: "staging", expected: { ...loose, backupRetentionPeriod: 14 } },
  { environmentClass: "dev", expected: { ...loose, backupRetentionPeriod: 7 } },
  { environmentClass: "sandbox", expected: { ...loose, backupRetentionPeriod: 7 } },
] as const)("class $environmentClass decides what can be lost", async ({ environmentClass, expected }) => {
  const { only } = await renderComponent({ ...base, environmentClass });
  expect(only("Instance").inputs).toMatchObject(expected);
});

test("logical replication is a parameter of the version's family, and nothing else needs a group", async () => {
  const logical = await renderComponent({ ...base, fields: { replication: "logical", version: "16" } });
  expect(logical.only("ParameterGroup").inputs).toMatchObject({
    family: "postgres16",
    parameters: [{ name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" }],
  });
  expect(logical.only("Instance").inputs["parameterGroupName"]).toBe(
    logical.only("ParameterGroup").inputs["name"],
  );
  const none = await renderComponent(base);
  expect(none.ofType("ParameterGroup")).toEqual([]);
});

test("hands out what a client needs, the password by its place only", async () => {
  const { outputs } = await renderComponent(base);
  expect(outputs).toEqual({
    endpoint: { kind: "known", value: "orders.rds.example" },
    port: { kind: "known", value: 5432 },
    secretId: { kind: "known", value: "arn:aws:secretsmanager:::secret:orders" },
    accessGroupId: { kind: "known", value: "securitygroup-orders-access" },
  });
});

test("a rename keeps the names at the cloud", async () => {
  const before = await renderComponent(base);
  const after = await renderComponent({ ...base, name: "bookings", formerly: "orders" });
  expect(after.only("Instance").inputs["identifier"]).toBe(before.only("Instance").inputs["identifier"]);
});
