/** Regions of Azure, and the tags it takes. Data: the lists of the pages named, as of 2026-11-21. */
import type { CloudRules } from "../../src/catalog/cloud.ts";
import type { TagRefusal } from "../../src/values/tags.ts";
import { tagKeyForeign, tagKeyLength, tagsPerResource, tagValueLength } from "../limits/azure.ts";

/** https://learn.microsoft.com/azure/reliability/regions-list */
export const azureRules: CloudRules = {
  cloud: "azure",
  title: "Azure",
  asOf: "2026-11-21",
  regions: {
    "North America": [
      ...["eastus", "eastus2", "centralus", "northcentralus", "southcentralus", "westcentralus"],
      ...["westus", "westus2", "westus3", "canadacentral", "canadaeast", "mexicocentral"],
    ],
    "South America": ["brazilsouth", "brazilsoutheast", "chilecentral"],
    Europe: [
      ...[
        "austriaeast",
        "belgiumcentral",
        "francecentral",
        "francesouth",
        "germanynorth",
        "germanywestcentral",
      ],
      ...["italynorth", "northeurope", "norwayeast", "norwaywest", "polandcentral", "spaincentral"],
      ...["swedencentral", "switzerlandnorth", "switzerlandwest", "uksouth", "ukwest", "westeurope"],
    ],
    "Middle East": ["israelcentral", "qatarcentral", "uaecentral", "uaenorth"],
    Africa: ["southafricanorth", "southafricawest"],
    "Asia Pacific": [
      ...["australiacentral", "australiacentral2", "australiaeast", "australiasoutheast", "centralindia"],
      ...["eastasia", "indonesiacentral", "japaneast", "japanwest", "koreacentral", "koreasouth"],
      ...["malaysiawest", "newzealandnorth", "southeastasia", "southindia", "westindia"],
    ],
  },
  optInRegions: new Set(),
  otherPartitions: {
    usgovvirginia: "Azure Government",
    usgovarizona: "Azure Government",
    usgovtexas: "Azure Government",
    chinanorth3: "Azure China",
    chinaeast3: "Azure China",
  },
  // Zones are numbers here, written beside the region.
  regionOfZone: (text) => /^([a-z]+\d?)-[1-3]$/.exec(text)?.[1],
  checkTags: (tags) => [
    ...Object.entries(tags).flatMap(([key, value]) => checkTag(key, value)),
    ...checkCount(tags),
  ],
};

function checkTag(key: string, value: string): readonly TagRefusal[] {
  const refusals: TagRefusal[] = [];
  if (key.length > tagKeyLength.most || tagKeyForeign.oneOf.some((each) => key.includes(each))) {
    const allowed = `at most ${tagKeyLength.most} characters, none of ${tagKeyForeign.oneOf.join(" ")}`;
    refusals.push({ code: "bad-tag", key, message: `Azure does not take the tag key "${key}"`, allowed });
  }
  if (value.length > tagValueLength.most) {
    const message = `Azure does not take the value of the tag "${key}"`;
    refusals.push({ code: "bad-tag", key, message, allowed: `at most ${tagValueLength.most} characters` });
  }
  return refusals;
}

function checkCount(tags: Readonly<Record<string, string>>): readonly TagRefusal[] {
  const keys = Object.keys(tags);
  const last = keys.at(-1);
  if (last === undefined || keys.length <= tagsPerResource.most) return [];
  const message = `${keys.length} tags are too many for Azure`;
  return [
    {
      code: "bad-tag",
      key: last,
      message,
      allowed: `at most ${tagsPerResource.most}, terrane's own included`,
    },
  ];
}
