/** Regions of AWS. Data: the lists of the pages named, as of 2026-11-21. */
import type { CloudRules } from "../../src/catalog/cloud.ts";
import { awsTagger } from "../tagging/aws.ts";

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const awsRules: CloudRules = {
  cloud: "aws",
  title: "AWS",
  asOf: "2026-11-21",
  regions: {
    "North America": [
      ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1"],
    ],
    "South America": ["sa-east-1"],
    Europe: [
      ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
      ...["eu-west-1", "eu-west-2", "eu-west-3"],
    ],
    "Middle East": ["il-central-1", "me-central-1", "me-south-1"],
    Africa: ["af-south-1"],
    "Asia Pacific": [
      ...["ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
      ...["ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"],
      ...["ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"],
    ],
  },
  // Everything that opened after March 2019.
  optInRegions: new Set([
    ...["af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4"],
    ...["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1"],
    ...["eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1"],
  ]),
  otherPartitions: {
    "us-gov-east-1": "AWS GovCloud (US)",
    "us-gov-west-1": "AWS GovCloud (US)",
    "cn-north-1": "AWS China",
    "cn-northwest-1": "AWS China",
    "eusc-de-east-1": "AWS European Sovereign Cloud",
  },
  regionOfZone: (text) => /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/.exec(text)?.[1],
  checkTags: awsTagger.check,
};
