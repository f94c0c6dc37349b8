/** What a provider learns when it is configured: where it works, and whether it may. One file for all clouds' words. */

import { parse } from "yaml";
import { TerraneError } from "../../errors.ts";
import type { Properties, Value } from "../../values/value.ts";
import { awsRegions } from "../aws/regions.ts";
import { asMap, listAt, type Place, textAt } from "../model.ts";

export interface Accounts {
  /** Account that credentials without a role belong to. Default: the first allowed one, else 123456789012. */
  readonly aws?: string;
  /** Project of providers that name none. Default `simulated-project`. */
  readonly gcp?: string;
  /** Subscription of providers that name none. */
  readonly "azure-native"?: string;
}

/** Server of providers that are given no kubeconfig: what a machine without any cluster answers. */
const noCluster = "http://localhost:8080";

/**
 * Where a provider works.
 * @throws TerraneError `cloud-error` as the real provider refuses: no region, or an account that is not allowed
 */
export function placeOfProvider(cloud: string, settings: Properties, accounts: Accounts): Place {
  if (cloud === "aws") return awsPlace(settings, accounts);
  if (cloud === "gcp") {
    const zone = textAt(settings, "zone");
    const region = textAt(settings, "region") ?? zone?.replace(/-[a-z]$/, "") ?? "";
    return { cloud, account: textAt(settings, "project") ?? accounts.gcp ?? "simulated-project", region };
  }
  if (cloud === "kubernetes") return { cloud, account: serverOf(settings), region: "" };
  const subscription = textAt(settings, "subscriptionId") ?? accounts["azure-native"];
  return {
    cloud,
    account: subscription ?? "00000000-0000-0000-0000-000000000000",
    region: textAt(settings, "location") ?? "",
  };
}

function awsPlace(settings: Properties, accounts: Accounts): Place {
  const region = textAt(settings, "region");
  if (region === undefined) throw refuse("MissingRegion", "invalid AWS Region: ");
  if (!awsRegions.includes(region)) throw refuse("InvalidRegion", `invalid AWS Region: ${region}`);
  const allowed = textsOf(settings, "allowedAccountIds");
  const forbidden = textsOf(settings, "forbiddenAccountIds");
  const role = textAt(asMap(parsed(settings, "assumeRoles")[0]), "roleArn");
  const assumed = role?.split(":")[4];
  if (role !== undefined && !/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(role))
    throw refuse("ValidationError", `Cannot assume IAM Role. Error: "${role}" is an invalid ARN`);
  const account = assumed ?? accounts.aws ?? allowed[0] ?? "123456789012";
  if (allowed.length > 0 && !allowed.includes(account))
    throw refuse("AccountNotAllowed", `AWS account ID not allowed: ${account}`);
  if (forbidden.includes(account))
    throw refuse("AccountNotAllowed", `AWS account ID not allowed: ${account}`);
  return { cloud: "aws", account, region };
}

/** Settings that are not texts arrive as JSON. */
function parsed(settings: Properties, key: string): readonly Value[] {
  const value = settings[key];
  if (typeof value !== "string") return listAt(settings, key);
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? (list as Value[]) : [];
  } catch {
    return [];
  }
}

function textsOf(settings: Properties, key: string): readonly string[] {
  return parsed(settings, key).filter((value) => typeof value === "string");
}

/** URL of the API server of the kubeconfig's current context. */
function serverOf(settings: Properties): string {
  const text = textAt(settings, "kubeconfig");
  if (text === undefined) return noCluster;
  let config: Properties;
  try {
    config = asMap(parse(text) as Value);
  } catch (cause) {
    throw refuse(
      "InvalidKubeconfig",
      `failed to parse kubeconfig: ${cause instanceof Error ? cause.message : ""}`,
    );
  }
  const contextName = textAt(settings, "context") ?? textAt(config, "current-context");
  const named = (key: string, name: string | undefined) =>
    listAt(config, key)
      .map(asMap)
      .find((each) => name === undefined || each["name"] === name);
  const context = asMap(named("contexts", contextName)?.["context"]);
  const cluster = asMap(
    named("clusters", textAt(settings, "cluster") ?? textAt(context, "cluster"))?.["cluster"],
  );
  return (textAt(cluster, "server") ?? noCluster).replace(/\/$/, "");
}

function refuse(code: string, message: string): TerraneError {
  return new TerraneError("cloud-error", message, { details: { code } });
}
