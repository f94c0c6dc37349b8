/** AWS IAM: OpenID Connect providers, and what a role's trust in their tokens must say. */
import type { Properties } from "../../values/value.ts";
import {
  asMap,
  defineModel,
  type InputFailure,
  listAt,
  type Refusal,
  type Subject,
  textAt,
} from "../model.ts";
import { arnOf, immutable, tagged } from "./naming.ts";
import { statementsOf, textsOf } from "./policy-document.ts";

const api = "https://docs.aws.amazon.com/IAM/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

const openIdConnectProvider = defineModel({
  type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  service: "IAM",
  calls: {
    create: "CreateOpenIDConnectProvider",
    update: "UpdateOpenIDConnectProviderThumbprint",
    delete: "DeleteOpenIDConnectProvider",
  },
  source: `${api}/API_CreateOpenIDConnectProvider.html`,
  global: true,
  id: (subject) => arnOf("iam", subject.place, `oidc-provider/${hostOf(subject)}`),
  displayName: hostOf,
  defaults: tagged,
  outputs: (subject) => ({
    arn: subject.id,
    thumbprintLists: subject.inputs["thumbprintLists"] ?? [subject.draw("thumbprint", 40)],
  }),
  immutable: immutable(`${api}/API_CreateOpenIDConnectProvider.html`, "url"),
  checkInputs: checkUrl,
  unordered: ["clientIdLists"],
  unique: [
    {
      key: hostOf,
      refusal: (subject) => ({
        code: "EntityAlreadyExists",
        message: `Provider with url https://${hostOf(subject)} already exists.`,
      }),
      source: `${api}/API_CreateOpenIDConnectProvider.html`,
    },
  ],
  rules: [
    {
      check: ({ inputs }) =>
        listAt(inputs, "clientIdLists").length > 100
          ? {
              code: "LimitExceeded",
              message: "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
            }
          : undefined,
      source: quotas,
    },
  ],
  quota: {
    limit: 100,
    refusal: (limit) => ({
      code: "LimitExceeded",
      message: `Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${limit}`,
    }),
    source: quotas,
  },
  seconds: { create: 2, update: 2, delete: 2 },
});

export const iamFederationModels = [openIdConnectProvider];

/**
 * Issuers that sign tokens for everybody: a trust that does not look at the subject would trust them all.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 */
const sharedIssuers = ["token.actions.githubusercontent.com", "gitlab.com"];
const scoping = ["StringEquals", "StringLike", "StringEqualsIgnoreCase"];

/** What IAM refuses of a trust in somebody outside. */
export function unsoundTrust({ inputs }: Subject): Refusal | undefined {
  for (const statement of statementsOf(textAt(inputs, "assumeRolePolicy"))) {
    for (const principal of textsOf(asMap(statement["Principal"])["Federated"])) {
      const message = unsoundPrincipal(principal) ?? unscoped(principal, asMap(statement["Condition"]));
      if (message !== undefined) return { code: "MalformedPolicyDocument", message };
    }
  }
  return undefined;
}

function unsoundPrincipal(principal: string): string | undefined {
  const isKnown =
    /^arn:aws:iam::\d{12}:(oidc|saml)-provider\/[^/:]/.test(principal) ||
    /^[\w-]+(\.[\w-]+)+$/.test(principal);
  return isKnown ? undefined : "Federated principals must be valid domain names or SAML metadata ARNs";
}

function unscoped(principal: string, conditions: Properties): string | undefined {
  const host = /:oidc-provider\/(.+)$/.exec(principal)?.[1];
  const shared = sharedIssuers.find((issuer) => host === issuer || host?.startsWith(`${issuer}/`));
  if (host === undefined || shared === undefined) return undefined;
  const subjects = scoping.flatMap((operator) => textsOf(asMap(conditions[operator])[`${host}:sub`]));
  const isScoped = subjects.length > 0 && subjects.every((subject) => subject.replace(/[*?]/g, "") !== "");
  if (isScoped) return undefined;
  return `Trust policy with trusted principal ${principal} must evaluate, using ${scoping[0]}, ${scoping[1]} or ${scoping[2]}, ${host}:sub which is not scoped to all.`;
}

/** The provider's own checks, in its words. */
function checkUrl(inputs: Properties): readonly InputFailure[] {
  const url = inputs["url"];
  if (typeof url !== "string") return [];
  if (!url.startsWith("https://"))
    return [{ input: "url", reason: '"url" has to use HTTPS scheme (i.e. begin with https://)' }];
  if (!url.includes("?")) return [];
  return [{ input: "url", reason: '"url" cannot contain query parameters per the OIDC standard' }];
}

function hostOf(subject: Omit<Subject, "id">): string {
  return (textAt(subject.inputs, "url") ?? "").replace(/^https:\/\//, "");
}
