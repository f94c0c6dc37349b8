/**
 * Who a pipeline says it is: the `sub` claim of its token, exactly. Knows neither Pulumi nor a cloud.
 *
 * Sources, as of 2026-11-21:
 * - GitHub: https://docs.github.com/en/actions/reference/security/oidc; with the numbers of owner and repository since
 *   2026-07-15, for repositories made, renamed or moved since then and those that opted in:
 *   https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
 * - GitLab: https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */

export const pipelines = ["github-actions", "gitlab-ci"] as const;
export type Pipeline = (typeof pipelines)[number];

/** What of a pipeline may sign in. Exactly one of branch, tag and pipelineEnvironment is given. */
export interface PipelineSource {
  readonly pipeline: Pipeline;
  readonly repository: string;
  readonly ownerId?: number | undefined;
  readonly repositoryId?: number | undefined;
  readonly branch?: string | undefined;
  readonly tag?: string | undefined;
  readonly pipelineEnvironment?: string | undefined;
}

/** Where tokens come from, and for whom they are meant unless the pipeline says otherwise. */
export const issuers: { readonly [P in Pipeline]: { readonly url: string; readonly audience: string } } = {
  "github-actions": { url: "https://token.actions.githubusercontent.com", audience: "sts.amazonaws.com" },
  "gitlab-ci": { url: "https://gitlab.com", audience: "https://gitlab.com" },
};

export function subjectOf(source: PipelineSource): string {
  return source.pipeline === "github-actions" ? githubSubject(source) : gitlabSubject(source);
}

function githubSubject(source: PipelineSource): string {
  const { repository, ownerId, repositoryId, branch, tag, pipelineEnvironment } = source;
  const [owner, name] = repository.split("/");
  const named =
    ownerId === undefined || repositoryId === undefined
      ? repository
      : `${owner}@${ownerId}/${name}@${repositoryId}`;
  if (pipelineEnvironment !== undefined) return `repo:${named}:environment:${pipelineEnvironment}`;
  return `repo:${named}:ref:${branch === undefined ? `refs/tags/${tag}` : `refs/heads/${branch}`}`;
}

function gitlabSubject({ repository, branch, tag }: PipelineSource): string {
  const ref = branch === undefined ? `ref_type:tag:ref:${tag}` : `ref_type:branch:ref:${branch}`;
  return `project_path:${repository}:${ref}`;
}
