/** The one list of clouds. What validation must know of each, without its SDK. */
import type { CloudRules } from "../src/catalog/cloud.ts";
import { awsRules } from "./clouds/aws.ts";
import { azureRules } from "./clouds/azure.ts";
import { gcpRules } from "./clouds/gcp.ts";

export const cloudRules: readonly CloudRules[] = [awsRules, gcpRules, azureRules];
