import { expect, test } from "vitest";
import { postgres } from "../../../stacks/data/postgres/contract.ts";
import { renderComponent, upstreamAt } from "../../support/render-component.ts";
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

const watched = { ...loose, databaseInsightsMode: "standard", performanceInsightsRetentionPeriod: 7 };

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
      databaseInsightsMode: "advanced",
      performanceInsightsRetentionPeriod: 465,
      monitoringInterval: 60,
    },
  },
  {
    environmentClass: "staging",
    expected: { ...watched, backupRetentionPeriod: 14, monitoringInterval: 60 },
  },
  { environmentClass: "dev", expected: { ...watched, backupRetentionPeriod: 7, monitoringInterval: 0 } },
  { environmentClass: "sandbox", expected: { ...watched, backupRetentionPeriod: 1, monitoringInterval: 0 } },
] as const)("class $environmentClass decides what can be lost", async ({ environmentClass, expected }) => {
  const { only } = await renderComponent({ ...base, environmentClass });
  expect(only("Instance").inputs).toMatchObject(expected);
});

const forced = { name: "rds.force_ssl", value: "1", applyMethod: "immediate" };

test("every version's parameter group refuses connections without TLS", async () => {
  for (const version of ["14", "15", "16", "17", "18"]) {
    const { only } = await renderComponent({ ...base, fields: { version } });
    expect(only("ParameterGroup").inputs).toMatchObject({ family: `postgres${version}` });
    expect(only("ParameterGroup").inputs["parameters"]).toContainEqual(forced);
    expect(only("Instance").inputs["parameterGroupName"]).toBe(only("ParameterGroup").inputs["name"]);
  }
});

test("logical replication is one parameter more, which needs a restart", async () => {
  const logical = await renderComponent({ ...base, fields: { replication: "logical" } });
  const none = await renderComponent(base);
  const parametersOf = (rendered: typeof none) => rendered.only("ParameterGroup").inputs["parameters"];
  expect(parametersOf(logical)).toEqual([
    ...(parametersOf(none) as readonly object[]),
    { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
  ]);
});

test("each major version has a group of its own, so that an upgrade moves to a new one", async () => {
  const before = await renderComponent({ ...base, fields: { version: "16" } });
  const after = await renderComponent({ ...base, fields: { version: "17" } });
  expect(before.only("ParameterGroup").urn).not.toBe(after.only("ParameterGroup").urn);
  expect(before.only("ParameterGroup").inputs["name"]).not.toBe(after.only("ParameterGroup").inputs["name"]);
  expect(before.only("Instance").urn).toBe(after.only("Instance").urn);
});

test("its logs are exported to groups that exist before it and keep what the class says", async () => {
  const { ofType, only } = await renderComponent({ ...base, environmentClass: "prod" });
  const identifier = only("Instance").inputs["identifier"];
  expect(ofType("LogGroup").map(({ inputs }) => [inputs["name"], inputs["retentionInDays"]])).toEqual([
    [`/aws/rds/instance/${identifier}/postgresql`, 365],
    [`/aws/rds/instance/${identifier}/upgrade`, 365],
  ]);
  expect(only("Instance").inputs["enabledCloudwatchLogsExports"]).toEqual(["postgresql", "upgrade"]);
  expect(only("Instance").dependsOn).toEqual(
    expect.arrayContaining([...ofType("LogGroup").map(({ urn }) => urn), only("RolePolicyAttachment").urn]),
  );
});

test("only RDS's monitoring takes the monitoring role, and only where something is measured", async () => {
  const staging = await renderComponent({ ...base, environmentClass: "staging" });
  expect(JSON.parse(String(staging.only("Role").inputs["assumeRolePolicy"])).Statement).toEqual([
    { Effect: "Allow", Principal: { Service: "monitoring.rds.amazonaws.com" }, Action: "sts:AssumeRole" },
  ]);
  expect(staging.only("Instance").inputs["monitoringRoleArn"]).toBeDefined();
  const dev = await renderComponent(base);
  expect(dev.ofType("Role")).toEqual([]);
});

test("the environment's own keys encrypt storage, secret, insights and logs", async () => {
  const { only, ofType } = await renderComponent({
    ...base,
    references: { ...base.references, encryption: at("keys") },
    upstream: {
      ...upstreamAt(),
      "keys@virginia": {
        databaseKeyId: { kind: "known", value: "arn:aws:kms:::key/database" },
        clusterKeyId: { kind: "known", value: "arn:aws:kms:::key/cluster" },
        logKeyId: { kind: "known", value: "arn:aws:kms:::key/logs" },
      },
    },
  });
  expect(only("Instance").inputs).toMatchObject({
    kmsKeyId: "arn:aws:kms:::key/database",
    masterUserSecretKmsKeyId: "arn:aws:kms:::key/database",
    performanceInsightsKmsKeyId: "arn:aws:kms:::key/database",
  });
  expect(ofType("LogGroup").map(({ inputs }) => inputs["kmsKeyId"])).toEqual([
    "arn:aws:kms:::key/logs",
    "arn:aws:kms:::key/logs",
  ]);
});

test.each([
  [{ storage: 100 }, 500],
  [{ storage: 60_000 }, 65_536],
  [{ storage: 100, maxStorage: 0 }, 0],
  [{ storage: 100, maxStorage: 200 }, 200],
])("storage of %j grows by itself up to %i GiB", async (fields, expected) => {
  const { only } = await renderComponent({ ...base, fields });
  expect(only("Instance").inputs["maxAllocatedStorage"]).toBe(expected);
});

test("speed of its own is asked for only where the document says so", async () => {
  const fields = { storage: 500, iops: 20_000, throughput: 1_000 };
  const fast = await renderComponent({ ...base, fields });
  expect(fast.only("Instance").inputs).toMatchObject({ iops: 20_000, storageThroughput: 1_000 });
  const plain = await renderComponent(base);
  expect(Object.keys(plain.only("Instance").inputs)).not.toEqual(
    expect.arrayContaining(["iops", "storageThroughput"]),
  );
});

test("hands out what a client needs, the password by its place only", async () => {
  const { outputs } = await renderComponent(base);
  expect(outputs).toEqual({
    endpoint: { kind: "known", value: "orders.rds.example" },
    port: { kind: "known", value: 5432 },
    secretId: { kind: "known", value: "arn:aws:secretsmanager:::secret:orders" },
    databaseName: { kind: "known", value: "postgres" },
    userName: { kind: "known", value: "terrane" },
    accessGroupId: { kind: "known", value: "securitygroup-orders-access" },
  });
});

test("a rename keeps the names at the cloud", async () => {
  const before = await renderComponent(base);
  const after = await renderComponent({ ...base, name: "bookings", born: at("orders") });
  expect(after.only("Instance").inputs["identifier"]).toBe(before.only("Instance").inputs["identifier"]);
});
