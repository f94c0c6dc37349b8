/** The shipped platform as each class runs it: up through the real engine, once more without work, and down to nothing. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EnvironmentClass } from "../../src/model/words.ts";
import type { CloudObject } from "../../src/platform/api.ts";
import { listObjects } from "../../src/platform/cloud.ts";
import { destroyEnvironment } from "../../src/platform/destroy.ts";
import { lockEnvironments } from "../../src/platform/lock.ts";
import { upEnvironment } from "../../src/platform/up.ts";
import { applying, environmentText, makeProject, type TestProject } from "./project.ts";

const file = "blueprints/aws-platform/blueprint.yaml";
const shipped = readFileSync(file, "utf8");

function makePlatform(environmentClass: EnvironmentClass): Promise<TestProject> {
  const lines = ["parameters: { repository: https://git.example.com/deploy }"];
  return makeProject({
    [file]: shipped,
    "environments/shop.yaml": environmentText("shop", "aws-platform", lines, environmentClass),
  });
}

/** What somebody who pays for a class, or is woken by it, would look at in the clouds. */
function describePlatform(objects: readonly CloudObject[]) {
  const all = (type: string) => objects.filter((each) => each.type === type).map((each) => each.properties);
  const only = (type: string) => {
    const [one, ...more] = all(type);
    expect([type, more]).toEqual([type, []]);
    return one ?? {};
  };
  const database = only("aws:rds/instance:Instance");
  const cluster = only("aws:eks/cluster:Cluster");
  return {
    keys: all("aws:kms/key:Key").length,
    natGateways: all("aws:ec2/natGateway:NatGateway").length,
    systemNodes: only("aws:eks/nodeGroup:NodeGroup")["scalingConfig"],
    pools: objects
      .filter(({ type }) => type.endsWith(":NodePool"))
      .map(({ name }) => name)
      .sort(),
    apiIsPublic: (cluster["vpcConfig"] as { endpointPublicAccess: unknown }).endpointPublicAccess,
    databaseZones: database["multiAz"] === true ? 2 : 1,
    isProtected: database["deletionProtection"],
    backupDays: database["backupRetentionPeriod"],
  };
}

const pools = ["on-demand-amd64", "on-demand-arm64", "spot-amd64", "spot-arm64"];
const modest = { keys: 3, natGateways: 1, pools, apiIsPublic: false, databaseZones: 1, isProtected: false };
const nodes = (size: number) => ({ systemNodes: { desiredSize: size, maxSize: size, minSize: size } });

const dataOfProd = ["orders@virginia", "encryption@virginia"];

const platforms = {
  sandbox: { ...modest, ...nodes(1), backupDays: 1 },
  dev: { ...modest, ...nodes(2), backupDays: 7 },
  staging: { ...modest, ...nodes(2), backupDays: 14 },
  prod: { ...modest, ...nodes(3), natGateways: 3, databaseZones: 2, isProtected: true, backupDays: 30 },
};

export function describeClass(environmentClass: EnvironmentClass): void {
  describe(`aws-platform in class ${environmentClass}`, () => {
    let project: TestProject;
    const objects = () => listObjects(project.context, {});
    beforeAll(async () => {
      project = await makePlatform(environmentClass);
    });
    afterAll(async () => {
      await project[Symbol.asyncDispose]();
    });

    it("comes up as the class wants it, and no policy finds anything", async () => {
      const { result, plan, operation } = await upEnvironment(project.context, "shop", applying());

      expect({ result, findings: plan.findings }).toEqual({ result: "succeeded", findings: [] });
      expect(operation?.steps.map(({ stack, outcome }) => `${stack} ${outcome}`)).toEqual(
        ["foundation", "network", "data", "compute", "gitops"].map(
          (domain) => `shop.virginia.${domain} done`,
        ),
      );
      expect(describePlatform(await objects())).toEqual(platforms[environmentClass]);
    });

    it("needs nothing the second time", async () => {
      expect(await upEnvironment(project.context, "shop", applying())).toMatchObject({ result: "unchanged" });
    });

    it.runIf(environmentClass === "prod")(
      "keeps its data from whoever does not take the protection off, and then does not name what is lost",
      async () => {
        const before = await objects();
        const destroy = (allowDataLoss: readonly string[]) =>
          destroyEnvironment(project.context, "shop", applying({ confirm: async () => true, allowDataLoss }));

        await expect(destroy(["orders@virginia"])).rejects.toMatchObject({
          code: "deletion-protected",
          problems: [{ next: expect.stringContaining("`deletionProtection: false` on `orders`") }],
        });
        expect(await objects()).toEqual(before);

        // A version that prod is locked to never changes its text: the change is a version of its own.
        const unprotected = shipped
          .replace("version: 1.1.0", "version: 1.1.1")
          .replace("storage: 200", "storage: 200, deletionProtection: false");
        await project.write(file, unprotected);
        await lockEnvironments(project.context, { environment: "shop", update: true });
        const { result, plan } = await upEnvironment(project.context, "shop", applying());
        expect([result, plan.counts]).toMatchObject([
          "succeeded",
          { create: 0, update: 1, replace: 0, delete: 0 },
        ]);

        // What the keys have sealed goes with them.
        await expect(destroy(["orders@virginia"])).rejects.toMatchObject({
          code: "approval-required",
          message: expect.stringContaining("encryption@virginia"),
        });
        expect(await objects()).toHaveLength(before.length);
      },
    );

    it("is gone after destroy, from every cloud", async () => {
      const options = applying({
        confirm: async () => true,
        ...(environmentClass === "prod" ? { allowDataLoss: dataOfProd } : {}),
      });

      expect((await destroyEnvironment(project.context, "shop", options)).result).toBe("succeeded");
      expect(await objects()).toEqual([]);
    });
  });
}
