/** Renders one component by itself, with made-up outputs for what it refers to. */
import type { Resource } from "../../src/model/resource.ts";
import {
  type ComponentSpec,
  formatAddress,
  type OutputValue,
  type SiteSpec,
  type StackOutputs,
} from "../../src/model/spec.ts";
import type { UpstreamOutputs } from "../../src/model/upstream.ts";
import { renderStack } from "../../src/render/render.ts";
import type { Secret } from "../../src/values/secret.ts";
import { type Properties, secret, type Value } from "../../src/values/value.ts";
import { catalog } from "../../stacks/catalog.ts";
import { makeProgram } from "../../stacks/program.ts";
import { echoMocks, knownMocks } from "./mocks.ts";
import { type ComponentParts, componentSpec, type StackParts, sites, stackSpec } from "./specs.ts";

const known = (value: string | number | string[]): OutputValue => ({ kind: "known", value });

/** What other stacks have handed out, for each cloud's site. */
export function upstreamAt(site: SiteSpec = sites.aws): UpstreamOutputs {
  return {
    [`vpc@${site.name}`]: {
      networkId: known("network-1"),
      cidr: known("10.4.0.0/16"),
      publicSubnetIds: known(["public-1", "public-2"]),
      privateSubnetIds: known(["private-1", "private-2"]),
      databaseSubnetIds: known(["database-1", "database-2"]),
      zones: known(["zone-1", "zone-2"]),
      publicRouteTableIds: known(["public-table"]),
      privateRouteTableIds: known(["private-table-1", "private-table-2"]),
      databaseRouteTableIds: known(["database-table"]),
      endpointIds: { kind: "known", value: { s3: "endpoint-s3", dynamodb: "endpoint-dynamodb" } },
      discoveryTag: known("payments-dev-vpc"),
    },
    [`encryption@${site.name}`]: {
      databaseKeyId: known("arn:aws:kms:us-east-1:111122223333:key/database"),
      clusterKeyId: known("arn:aws:kms:us-east-1:111122223333:key/cluster"),
      logKeyId: known("arn:aws:kms:us-east-1:111122223333:key/log"),
    },
    [`orders@${site.name}`]: {
      endpoint: known("orders.rds.example"),
      port: known(5432),
      secretId: known("arn:aws:secretsmanager:::secret:orders"),
      accessGroupId: known("sg-orders"),
    },
    [`cluster@${site.name}`]: {
      clusterName: known("cluster-1"),
      endpoint: known("https://cluster.example"),
      certificateAuthority: known("Q0E="),
      kubeconfig: known('{"kind":"Config"}'),
    },
  };
}

export interface RenderParts extends ComponentParts, Omit<StackParts, "components" | "site"> {
  readonly upstream?: UpstreamOutputs;
  /** Default false: as after an `up`. */
  readonly preview?: boolean;
  /** Values of secret fields, by JSON Pointer. */
  readonly secrets?: Readonly<Record<string, Secret<Value>>>;
}

export interface RenderedComponent {
  readonly spec: ComponentSpec;
  readonly resources: readonly Resource[];
  readonly outputs: NonNullable<StackOutputs[string]>;
  /** All resources of a type, by the last part of its token: `Subnet`. */
  ofType(type: string): readonly Resource[];
  /** The only resource of a type. */
  only(type: string): Resource;
}

export async function renderComponent(parts: RenderParts): Promise<RenderedComponent> {
  const spec = withSecrets(componentSpec(parts), Object.keys(parts.secrets ?? {}));
  const secrets = { [formatAddress({ component: spec.name, site: spec.site })]: parts.secrets ?? {} };
  const site = parts.site ?? sites.aws;
  const stack = stackSpec({ ...parts, components: [spec], site });
  const preview = parts.preview ?? false;
  const { resources, outputs } = await renderStack(stack, parts.upstream ?? upstreamAt(site), {
    makeProgram: (each, upstream) => makeProgram({ spec: each, upstream, catalog, secrets }),
    mocks: () => (preview ? echoMocks : knownMocks),
    preview,
  });
  const ofType = (type: string) =>
    resources.filter((each) => each.custom && each.type.split(":").at(-1) === type);
  return {
    spec,
    resources,
    outputs: outputs[spec.name] ?? {},
    ofType,
    only: (type) => {
      const [first, second] = ofType(type);
      if (first === undefined || second !== undefined)
        throw new Error(`there are ${ofType(type).length} of ${type}`);
      return first;
    },
  };
}

/** The spec as it is resolved: each secret field holds a marker, and says where its value is to be read. */
function withSecrets(spec: ComponentSpec, pointers: readonly string[]): ComponentSpec {
  const mark = (value: Value | undefined, keys: readonly string[]): Value => {
    const [key, ...rest] = keys;
    if (key === undefined) return secret;
    const mapping = (value ?? {}) as Properties;
    return { ...mapping, [key]: mark(mapping[key], rest) };
  };
  return {
    ...spec,
    fields: pointers.reduce(
      (fields, pointer) => mark(fields, pointer.split("/").slice(1)) as Properties,
      spec.fields,
    ),
    secrets: Object.fromEntries(pointers.map((pointer) => [pointer, { fromEnv: "SECRET" }])),
  };
}
