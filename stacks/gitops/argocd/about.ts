/** What the reference says of Argo CD. Data. */
import type { ComponentAbout } from "../../../src/catalog/about.ts";

const manual = "https://argo-cd.readthedocs.io/en/stable";
const asOf = "2026-11-21";

export const about: ComponentAbout = {
  purpose:
    "Argo CD in the cluster, following one folder of one Git repository. That folder holds Argo CD Applications (an app " +
    "of apps); each names the project of the environment, and is fenced in by it. terrane makes the fence, the root and " +
    "the credentials; what is deployed, and when in prod, is the repository's business. Users, single sign-on and " +
    "notifications come with a later release: until then there is `admin`, reached by port-forwarding.",
  makes: [
    {
      what: "Helm release of the chart `argo-cd`",
      why: "The project's own packaging, at one exact version: two environments of one blueprint run the same.",
    },
    {
      what: "Two replicas of server, repository server and ApplicationSet controller on different nodes, with disruption budgets; Redis with a quorum of three",
      why: "A node that goes takes nothing along. The application controller stays alone: it shares work by cluster, and there is one.",
      when: "`highAvailability` is on: class prod",
    },
    {
      what: "AppProject named for the environment",
      why: "Applications come from the given repositories only, go to application namespaces only, make no cluster-wide kinds but those listed, and cannot lift their own quotas.",
    },
    {
      what: "AppProject `root` and the root Application in it",
      why: "The root may create Applications in Argo CD's namespace and nothing else anywhere.",
    },
    {
      what: "The project `default`, closed",
      why: "Argo CD allows it everything, and an Application that forgets its project lands there.",
    },
    {
      what: "Secret labelled as a repository",
      why: "Argo CD reads the credentials from it; terrane passes them on from a secret parameter without showing them.",
      when: "`repositoryCredentials` is given",
    },
    {
      what: "Config map `terrane-<component>` for each exposed component",
      why: "Manifests refer to outputs by name instead of copying them. Secret outputs are left out.",
      when: "`expose` names components",
    },
  ],
  decided: [
    {
      what: "Chart",
      value: "argo-cd 9.5.14 (Argo CD 3.4.2)",
      why: "One of the three minor versions that the project maintains.",
      source: "https://github.com/argoproj/argo-helm/releases/tag/argo-cd-9.5.14",
      asOf,
    },
    {
      what: "Replicas of the application controller",
      value: "1",
      why: "Further ones are shards for further clusters, and would wait for work that never comes. A restart takes seconds; what is deployed runs on meanwhile.",
      source: `${manual}/operator-manual/high_availability/#argocd-application-controller`,
      asOf,
    },
    {
      what: "Kinds that applications cannot make",
      value: "ResourceQuota, LimitRange",
      why: "They bound the application. Network policies stay allowed: an application opens its own doors.",
      source: `${manual}/operator-manual/project-specification/`,
      asOf,
    },
    {
      what: "Toleration",
      value: "`CriticalAddonsOnly`",
      why: "It may run on the system nodes, and so does not wait for nodes that it brings about itself.",
      source: "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
      asOf,
    },
    {
      what: "Resource definitions at removal",
      value: "kept",
      why: "Deleting them deletes every Application, and with it what is deployed.",
      source: "https://github.com/argoproj/argo-helm/blob/argo-cd-9.5.14/charts/argo-cd/README.md",
      asOf,
    },
  ],
  notes: [
    "`automatedSync` prunes and heals: what is changed by hand is changed back. In prod it is off: sync in the user interface, or with a token of the project's role `sync`.",
    "High availability wants three nodes: Redis places its three replicas on different ones.",
    "An Application is removed with what it has deployed only if it has the finalizer `resources-finalizer.argocd.argoproj.io`.",
    "`exposeAs: helm-values` gives the root application `terrane.components.<component>.<output>`, `terrane.environment`, `terrane.class`, `terrane.site`, `terrane.region` and `terrane.project` as Helm values: the folder must then hold a chart, whose templates are the Applications. With Kustomize or plain manifests, read the config maps.",
    "Everything in Argo CD's namespace trusts the repository's root folder: protect its branch.",
  ],
  example:
    'argocd: { type: argocd, cluster: cluster, repository: "https://git.example.com/shop/deploy", expose: [orders] }',
};
