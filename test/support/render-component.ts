/** Renders one component by itself, with made-up outputs for what it refers to. */
import type { Resource } from "../../src/model/resource.ts";
import type { ComponentSpec, OutputValue, SiteSpec, StackOutputs } from "../../src/model/spec.ts";
import type { UpstreamOutputs } from "../../src/model/upstream.ts";
import { renderStack } from "../../src/render/render.ts";
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
  const spec = componentSpec(parts);
  const site = parts.site ?? sites.aws;
  const stack = stackSpec({ ...parts, components: [spec], site });
  const preview = parts.preview ?? false;
  const { resources, outputs } = await renderStack(stack, parts.upstream ?? upstreamAt(site), {
    makeProgram: (each, upstream) => makeProgram({ spec: each, upstream, catalog }),
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
