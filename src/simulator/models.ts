/** All models by type token, and where objects of a type live. One line per service here is all a new model file costs. */
import { TerraneError } from "../errors.ts";
import type { Properties } from "../values/value.ts";
import { ec2Models } from "./aws/ec2.ts";
import { ec2EndpointModels } from "./aws/ec2-endpoints.ts";
import { ec2GatewayModels } from "./aws/ec2-gateways.ts";
import { ec2RoutingModels } from "./aws/ec2-routing.ts";
import { ec2SecurityModels } from "./aws/ec2-security.ts";
import { ec2TemplateModels } from "./aws/ec2-templates.ts";
import { eksModels } from "./aws/eks.ts";
import { eksAccessModels } from "./aws/eks-access.ts";
import { eksAddonModels } from "./aws/eks-addons.ts";
import { eksNodeModels } from "./aws/eks-nodes.ts";
import { eventModels } from "./aws/events.ts";
import { iamModels } from "./aws/iam.ts";
import { iamFederationModels } from "./aws/iam-federation.ts";
import { kmsModels } from "./aws/kms.ts";
import { logsModels } from "./aws/logs.ts";
import { rdsModels } from "./aws/rds.ts";
import { rdsGroupModels } from "./aws/rds-groups.ts";
import { secretsManagerModels } from "./aws/secretsmanager.ts";
import { sqsModels } from "./aws/sqs.ts";
import { withTagRule } from "./aws/tags.ts";
import { gcpComputeModels } from "./gcp/compute.ts";
import { withLabelRule } from "./gcp/labels.ts";
import { gcpLoggingModels } from "./gcp/logging.ts";
import { gcpRouterModels } from "./gcp/router.ts";
import { genericModel } from "./generic.ts";
import { kubernetesCoreModels } from "./kubernetes/core.ts";
import { customResourceModel } from "./kubernetes/custom.ts";
import { helmModels } from "./kubernetes/helm.ts";
import { karpenterModels } from "./kubernetes/karpenter.ts";
import { kubernetesStorageModels } from "./kubernetes/storage.ts";
import { type Model, type Place, type Seconds, textAt } from "./model.ts";
import { typeSchema } from "./schema.ts";

const models: ReadonlyMap<string, Model> = new Map(
  [
    ec2Models,
    ec2EndpointModels,
    ec2GatewayModels,
    ec2RoutingModels,
    ec2SecurityModels,
    eksModels,
    eksNodeModels,
    eksAddonModels,
    eksAccessModels,
    ec2TemplateModels,
    eventModels,
    sqsModels,
    iamModels,
    iamFederationModels,
    kmsModels,
    logsModels,
    rdsGroupModels,
    rdsModels,
    secretsManagerModels,
    gcpComputeModels,
    gcpLoggingModels,
    gcpRouterModels,
    kubernetesCoreModels,
    helmModels,
    karpenterModels,
    kubernetesStorageModels,
  ]
    .flat()
    .map((model) => [model.type, withCloudRules(model)]),
);

/** What a cloud asks of all its types. */
function withCloudRules(model: Model): Model {
  if (model.type.startsWith("aws:")) return withTagRule(model);
  return model.type.startsWith("gcp:") ? withLabelRule(model) : model;
}

/** Clouds that have a simulated provider, by the name of Pulumi's plugin. */
export const simulatedClouds: readonly string[] = ["aws", "gcp", "kubernetes", "azure-native"];

/** Types that keep data and have no model yet. */
export const statefulTypes: ReadonlySet<string> = new Set([
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:rds/cluster:Cluster",
  "aws:s3/bucket:Bucket",
  "gcp:compute/disk:Disk",
  "gcp:kms/cryptoKey:CryptoKey",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:storage/bucket:Bucket",
  "kubernetes:core/v1:PersistentVolume",
  "kubernetes:core/v1:PersistentVolumeClaim",
]);

/** Tokens of all types with a model of their own. */
export const modelledTypes: readonly string[] = [...models.keys()];

/**
 * The model of a type: its own, or the generic one.
 * @throws TerraneError `cloud-error` for a type that the installed SDK does not have.
 */
export function modelOf(type: string): Model {
  const own = models.get(type);
  if (own !== undefined) return own;
  const schema = typeSchema(type);
  if (schema === undefined) {
    throw new TerraneError("cloud-error", `the simulated clouds know no resource type ${type}`, {
      details: { code: "UnknownResourceType", type },
    });
  }
  return type.startsWith("kubernetes:") ? customResourceModel(type, schema.open) : genericModel(type);
}

/** Where an object of the type lives, seen from where its provider works. */
export function placeOf(model: Model, place: Place, properties: Properties): Place {
  if (place.cloud === "kubernetes") return { ...place, region: "" };
  const account = (place.cloud === "gcp" ? textAt(properties, "project") : undefined) ?? place.account;
  if (model.global === true) return { cloud: place.cloud, account, region: "global" };
  const region = textAt(properties, "region") ?? textAt(properties, "location") ?? place.region;
  return { cloud: place.cloud, account, region };
}

/** How long the real cloud typically takes, seconds; undefined for types without a model. */
export function typicalSeconds(type: string, verb: keyof Seconds): number | undefined {
  return models.get(type)?.seconds[verb];
}

/**
 * What a plan has to know of a type without asking any cloud.
 * `modelled`: which change replaces is known; also true for what no cloud makes (components, providers).
 * `stateful`: deleting or replacing it loses data.
 */
export function typeInfo(type: string): { readonly modelled: boolean; readonly stateful: boolean } {
  const own = models.get(type);
  if (own !== undefined) return { modelled: true, stateful: own.stateful === true };
  const cloud = type.slice(0, type.indexOf(":"));
  if (!simulatedClouds.includes(cloud)) return { modelled: true, stateful: false };
  const custom = cloud === "kubernetes" && typeSchema(type)?.open === true;
  return { modelled: custom, stateful: statefulTypes.has(type) };
}
