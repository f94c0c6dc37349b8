/** The one list of component types. A new component is one folder and one line here. */
import { Catalog } from "../src/catalog/catalog.ts";
import { cloudRules } from "./clouds.ts";
import { cluster } from "./compute/cluster/contract.ts";
import { postgres } from "./data/postgres/contract.ts";
import { ciIdentity } from "./foundation/ci-identity/contract.ts";
import { encryption } from "./foundation/encryption/contract.ts";
import { argocd } from "./gitops/argocd/contract.ts";
import { tunnel } from "./network/tunnel/contract.ts";
import { vpc } from "./network/vpc/contract.ts";
import { dnsFailover } from "./traffic/dns-failover/contract.ts";

export const catalog = new Catalog(
  [encryption, ciIdentity, vpc, tunnel, postgres, cluster, argocd, dnsFailover],
  cloudRules,
);
