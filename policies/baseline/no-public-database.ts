/** No database has an address on the internet. Who may connect inside the network is for other rules. */
import { type Answer, ask, both, isPresent, not, type Reader } from "../../src/policy/answer.ts";
import { defineRule, refuseWhen, severityByClass } from "../../src/policy/rule.ts";

interface Exposure {
  /** Property that decides, for the finding. */
  readonly property: string;
  readonly isPublic: (inputs: Reader) => Answer;
  readonly mend: string;
}

/** The provider's default of `publiclyAccessible` is false. */
const publiclyAccessible: Exposure = {
  property: "publiclyAccessible",
  isPublic: (inputs) => ask(inputs.at("publiclyAccessible"), (value) => value === true || value === "true"),
  mend: "Set publiclyAccessible to false and reach the database from inside the network.",
};

/** Open unless it says otherwise, or stands in a delegated subnet: then there is no public endpoint to open. */
const flexibleServer: Exposure = {
  property: "network.publicNetworkAccess",
  isPublic: (inputs) =>
    both(
      not(ask(inputs.at("network").at("publicNetworkAccess"), (value) => value === "Disabled")),
      not(isPresent(inputs.at("network").at("delegatedSubnetResourceId"))),
    ),
  mend: "Set network.publicNetworkAccess to Disabled, or give the server a delegated subnet.",
};

const exposures: Readonly<Record<string, Exposure>> = {
  "aws:rds/instance:Instance": publiclyAccessible,
  "aws:rds/clusterInstance:ClusterInstance": publiclyAccessible,
  "aws:neptune/clusterInstance:ClusterInstance": publiclyAccessible,
  "aws:redshift/cluster:Cluster": publiclyAccessible,
  "aws:redshiftserverless/workgroup:Workgroup": publiclyAccessible,
  "aws:lightsail/database:Database": publiclyAccessible,
  "aws:timestreaminfluxdb/dbInstance:DbInstance": publiclyAccessible,
  "aws:timestreaminfluxdb/dbCluster:DbCluster": publiclyAccessible,
  "gcp:sql/databaseInstance:DatabaseInstance": {
    property: "settings.ipConfiguration.ipv4Enabled",
    // The cloud gives a public address unless told not to.
    isPublic: (inputs) =>
      not(ask(inputs.at("settings").at("ipConfiguration").at("ipv4Enabled"), (value) => value === false)),
    mend: "Set settings.ipConfiguration.ipv4Enabled to false and give it a privateNetwork.",
  },
  "gcp:alloydb/instance:Instance": {
    property: "networkConfig.enablePublicIp",
    isPublic: (inputs) => ask(inputs.at("networkConfig").at("enablePublicIp"), (value) => value === true),
    mend: "Leave networkConfig.enablePublicIp out.",
  },
  "azure-native:dbforpostgresql:Server": flexibleServer,
  "azure-native:dbformysql:Server": flexibleServer,
  "azure-native:sql:Server": {
    property: "publicNetworkAccess",
    isPublic: (inputs) => not(ask(inputs.at("publicNetworkAccess"), (value) => value === "Disabled")),
    mend: "Set publicNetworkAccess to Disabled and use a private endpoint.",
  },
};

export const noPublicDatabase = defineRule({
  id: "baseline/no-public-database",
  title: "No database has an address on the internet.",
  sources: [
    "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2",
    "https://cloud.google.com/sql/docs/postgres/configure-ip",
    "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-public",
  ],
  severity: severityByClass("deny"),
  types: Object.keys(exposures),
  check({ inputs, type }) {
    const exposure = exposures[type];
    if (exposure === undefined) return [];
    return refuseWhen(exposure.isPublic(inputs), {
      property: exposure.property,
      why: "the database gets an address on the internet",
      mend: exposure.mend,
    });
  },
});
