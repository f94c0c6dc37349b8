/** Limits of Azure. Data. */
import { limitsAsOf } from "./limit.ts";

const limit = limitsAsOf("2026-11-21");
const tagging = "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources";

export const tagsPerResource = limit({ what: "Tags of one resource", most: 50, source: tagging });
export const tagKeyLength = limit({ what: "Characters of a tag's key", most: 512, source: tagging });
export const tagValueLength = limit({ what: "Characters of a tag's value", most: 256, source: tagging });
export const tagKeyForeign = limit({
  what: "Characters that the key of a tag cannot hold",
  oneOf: ["<", ">", "%", "&", "\\", "?", "/"],
  source: tagging,
});
