/** What would let in more than one pipeline, or none: refused before anything trusts it. */
import type { FieldRefusal } from "../../../src/catalog/component.ts";
import type { Pipeline, PipelineSource } from "./subject.ts";

const repositoryForms: {
  readonly [P in Pipeline]: { readonly form: RegExp; readonly allowed: string };
} = {
  "github-actions": {
    form: /^[A-Za-z0-9](?:-?[A-Za-z0-9])*\/[A-Za-z0-9._-]+$/,
    allowed: "owner/repository: acme/payments",
  },
  "gitlab-ci": {
    form: /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/,
    allowed: "group/project, with every group above it: acme/shop/payments",
  },
};

const selectors = ["branch", "tag", "pipelineEnvironment"] as const;

export function checkSource(source: PipelineSource): readonly FieldRefusal[] {
  return [...checkRepository(source), ...checkSelector(source), ...checkNumbers(source)];
}

function checkRepository({ pipeline, repository }: PipelineSource): readonly FieldRefusal[] {
  const { form, allowed } = repositoryForms[pipeline];
  if (form.test(repository)) return [];
  const message = /[*?]/.test(repository)
    ? "an identity belongs to one repository: a wildcard would let in whoever can make another"
    : `this is no repository of ${pipeline}`;
  return [{ field: "repository", code: "bad-value", message, allowed }];
}

function checkSelector(source: PipelineSource): readonly FieldRefusal[] {
  const given = selectors.filter((selector) => source[selector] !== undefined);
  const [first, second] = given;
  if (first === undefined) {
    const message = "without a branch, tag or environment every pull request could sign in";
    return [{ field: "branch", code: "missing-key", message, allowed: `one of ${selectors.join(", ")}` }];
  }
  if (second !== undefined) {
    const message = `a token names one of them, so ${given.join(" and ")} can never hold together`;
    return [{ field: second, code: "bad-value", message, allowed: `one of ${selectors.join(", ")}` }];
  }
  if (source.pipeline === "gitlab-ci" && first === "pipelineEnvironment") {
    const message = "GitLab's tokens do not carry the environment in their subject";
    return [{ field: first, code: "unsupported", message, allowed: "branch, tag" }];
  }
  return [];
}

function checkNumbers({ pipeline, ownerId, repositoryId }: PipelineSource): readonly FieldRefusal[] {
  const given = ownerId === undefined ? "repositoryId" : "ownerId";
  if (ownerId === undefined && repositoryId === undefined) return [];
  if (pipeline === "gitlab-ci") {
    const message = "only GitHub's tokens carry numbers of owner and repository";
    return [{ field: given, code: "unsupported", message, allowed: "neither ownerId nor repositoryId" }];
  }
  if (ownerId !== undefined && repositoryId !== undefined) return [];
  const message = "a token carries both numbers or none";
  const next =
    "Read them with `gh api repos/<owner>/<repository> --jq '{owner: .owner.id, repository: .id}'`.";
  return [{ field: given, code: "bad-value", message, allowed: "ownerId and repositoryId together", next }];
}
