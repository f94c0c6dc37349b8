/** Whether this process works for a pull request that nobody has merged yet, by what CI systems say of themselves. */

type Variables = Readonly<Record<string, string | undefined>>;

interface Sign {
  readonly variable: string;
  /** Values that mean a pull request; default: any that is not empty and not `false`. */
  readonly values?: readonly string[];
}

/** Each from the CI system's own documentation, as of 2026-11-21. */
const signs: readonly Sign[] = [
  // https://docs.github.com/actions/reference/variables-reference
  {
    variable: "GITHUB_EVENT_NAME",
    values: ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"],
  },
  // https://docs.gitlab.com/ci/variables/predefined_variables/
  { variable: "CI_MERGE_REQUEST_IID" },
  { variable: "CI_EXTERNAL_PULL_REQUEST_IID" },
  // https://circleci.com/docs/reference/variables/
  { variable: "CIRCLE_PULL_REQUEST" },
  // https://buildkite.com/docs/pipelines/configure/environment-variables
  { variable: "BUILDKITE_PULL_REQUEST" },
  // https://learn.microsoft.com/azure/devops/pipelines/build/variables
  { variable: "SYSTEM_PULLREQUEST_PULLREQUESTID" },
  // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
  { variable: "BITBUCKET_PR_ID" },
  // https://www.jenkins.io/doc/book/pipeline/multibranch/
  { variable: "CHANGE_ID" },
  // https://docs.travis-ci.com/user/environment-variables/
  { variable: "TRAVIS_PULL_REQUEST" },
  // https://docs.drone.io/pipeline/environment/reference/
  { variable: "DRONE_PULL_REQUEST" },
];

/** What says so, for people: `GITHUB_EVENT_NAME=pull_request`; undefined outside of pull requests. */
export function findPullRequest(variables: Variables): string | undefined {
  for (const { variable, values } of signs) {
    const value = variables[variable];
    if (value === undefined || value === "" || value === "false") continue;
    if (values === undefined || values.includes(value)) return `${variable}=${value}`;
  }
  return undefined;
}
