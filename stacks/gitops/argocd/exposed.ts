/** Outputs of other components, for applications to read: text by text, secret ones left out. */
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { isSecret, type Output, output } from "@pulumi/pulumi";
import type { Referred } from "../../component.ts";
import type { ArgocdContext } from "./implementation.ts";

type Texts = Readonly<Record<string, Output<string>>>;

/** Outputs by the component's name; with its site's where that is another one. */
export function exposedOutputs(context: ArgocdContext): Readonly<Record<string, Texts>> {
  return Object.fromEntries(
    context.references.expose.map((referred) => [nameOf(context, referred), textsOf(referred)]),
  );
}

/** A config map for each exposed component. */
export function createConfigMaps(context: ArgocdContext, namespace: Namespace): void {
  for (const referred of context.references.expose) {
    const { component, site } = referred;
    const name = nameOf(context, referred);
    new ConfigMap(
      `${context.name}-expose-${name}`,
      {
        metadata: {
          name: `terrane-${name}`,
          namespace: context.name,
          labels: { "terrane.dev/component": component, "terrane.dev/site": site.name },
        },
        data: textsOf(referred),
      },
      { ...context.child, dependsOn: [namespace] },
    );
  }
}

function nameOf(context: ArgocdContext, { component, site }: Referred<unknown>): string {
  return site.name === context.site.name ? component : `${component}-${site.name}`;
}

function textsOf({ outputs }: Referred<Record<string, unknown>>): Texts {
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, toPublicText(value)]));
}

// A secret output is left out altogether: a config map is readable by everyone who can read the namespace.
function toPublicText(value: Output<unknown>): Output<string> {
  const text = value.apply((known) => (typeof known === "string" ? known : JSON.stringify(known)));
  return output(isSecret(value).then((secret) => (secret ? undefined : text))) as Output<string>;
}
