/** What every network keeps to, whatever cloud it is on. */
import { expect } from "vitest";
import { contains, overlaps, parseCidr } from "../../../src/values/cidr.ts";
import type { Properties } from "../../../src/values/value.ts";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { type ContractCases, knownOutput, type Made } from "./case.ts";

const cidr = "10.4.0.0/16";
const tiers = ["publicSubnetIds", "privateSubnetIds", "databaseSubnetIds"] as const;

// What the clouds call a subnet, its range, and a gateway that lets private hosts out.
const subnetTypes = new Set(["aws:ec2/subnet:Subnet", "gcp:compute/subnetwork:Subnetwork"]);
const gatewayTypes = new Set(["aws:ec2/natGateway:NatGateway", "gcp:compute/routerNat:RouterNat"]);
const logTypes = new Set([
  "aws:cloudwatch/logGroup:LogGroup",
  "gcp:logging/projectBucketConfig:ProjectBucketConfig",
]);

const ofTypes = (made: Made, types: ReadonlySet<string>) =>
  made.resources.filter(({ type }) => types.has(type));
const rangeOf = ({ cidrBlock, ipCidrRange }: Properties) => {
  const parsed = parseCidr(String(cidrBlock ?? ipCidrRange));
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.cidr;
};

export const vpcCases: ContractCases = {
  contract: vpc,
  situations: [
    {
      title: "in development",
      environmentClass: "dev",
      fields: { cidr },
      cases: [
        {
          title: "hands out its range and distinct subnets of all three tiers",
          check: (made) => {
            const outputs = Object.keys(vpc.outputs.shape).map((name) => [name, knownOutput(made, name)]);
            expect(vpc.outputs.parse(Object.fromEntries(outputs)).cidr).toBe(cidr);
            const ids = tiers.flatMap((tier) => knownOutput(made, tier) as string[]);
            for (const tier of tiers) expect(knownOutput(made, tier)).not.toEqual([]);
            expect(new Set(ids).size).toBe(ids.length);
          },
        },
        {
          title: "cuts subnets that lie inside its range and apart from each other",
          check: (made) => {
            const parsed = parseCidr(cidr);
            const ranges = ofTypes(made, subnetTypes).map(({ inputs }) => rangeOf(inputs));
            expect(ranges.length).toBeGreaterThanOrEqual(tiers.length);
            for (const range of ranges) expect(parsed.ok && contains(parsed.cidr, range)).toBe(true);
            expect(ranges.some((left, i) => ranges.some((right, j) => i < j && overlaps(left, right)))).toBe(
              false,
            );
          },
        },
        {
          title: "gives private hosts a way out",
          check: (made) => expect(ofTypes(made, gatewayTypes)).not.toEqual([]),
        },
      ],
    },
    {
      title: "in production",
      environmentClass: "prod",
      fields: { cidr },
      cases: [
        {
          title: "keeps flow logs for a year",
          check: (made) => {
            const kept = ofTypes(made, logTypes).map(
              ({ inputs }) => inputs["retentionInDays"] ?? inputs["retentionDays"],
            );
            expect(kept).toEqual([365]);
          },
        },
      ],
    },
    {
      title: "with less than its class has",
      environmentClass: "prod",
      fields: { cidr, natGateways: "none", flowLogs: false },
      cases: [
        {
          title: "has no way out without NAT gateways",
          check: (made) => expect(ofTypes(made, gatewayTypes)).toEqual([]),
        },
        {
          title: "keeps no flow logs when told not to",
          check: (made) => expect(ofTypes(made, logTypes)).toEqual([]),
        },
      ],
    },
  ],
};
