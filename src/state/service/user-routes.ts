/** Who the client is and what the service can do. Source: `backend/httpstate/client/client.go` of 3.250.0. */
import { organization } from "../deployment/canonical.ts";
import { featureSchemaVersion } from "../deployment/deployment.ts";
import type { Route } from "./route.ts";
import { toSummary } from "./wire.ts";

/** Stacks on one page of a list. */
const pageSize = 1000;

export const userRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/user",
    of: "user",
    handle: async ({ access }) => ({
      id: access.user,
      githubLogin: access.user,
      name: access.user,
      email: "",
      avatarUrl: "",
      organizations: [{ githubLogin: organization, name: organization, avatarUrl: "" }],
      identities: [],
    }),
  },
  {
    method: "GET",
    path: "/api/user/organizations/default",
    of: "user",
    handle: async () => ({ GitHubLogin: organization, Messages: [] }),
  },
  {
    method: "GET",
    path: "/api/capabilities",
    of: "user",
    // No delta checkpoints: with a journal nothing is sent as a whole.
    handle: async () => ({
      capabilities: [
        { capability: "batch-encrypt" },
        {
          capability: "deployment-schema-version",
          version: 1,
          configuration: { version: featureSchemaVersion },
        },
      ],
    }),
  },
  {
    method: "GET",
    path: "/api/user/stacks",
    of: "user",
    handle: async ({ access, store, query }) => {
      if (![null, "", organization].includes(query.get("organization"))) return { stacks: [] };
      const after = query.get("continuationToken")?.split("/");
      const stacks = await store.list({
        // Tags are looked at behind the database: such a list is one page.
        ...(query.get("tagName") ? {} : { limit: pageSize }),
        ...pick("project", query.get("project")),
        ...pick("tagName", query.get("tagName")),
        ...pick("tagValue", query.get("tagValue")),
        ...(after?.[0] === undefined || after[1] === undefined
          ? {}
          : { after: { project: after[0], name: after[1] } }),
      });
      const last = stacks.at(-1);
      const isWhole = stacks.length !== pageSize || last === undefined;
      return {
        stacks: stacks.filter((stack) => access.covers(stack)).map(toSummary),
        ...(isWhole ? {} : { continuationToken: `${last.project}/${last.name}` }),
      };
    },
  },
];

function pick<K extends string>(key: K, value: string | null): { readonly [key in K]?: string } {
  return value === null || value === "" ? {} : ({ [key]: value } as { readonly [key in K]: string });
}
