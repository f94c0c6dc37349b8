/** IAM policy documents as text. Knows no component. */

const version = "2012-10-17";

/** Trust policy: the AWS service may assume the role. */
export function trust(service: string, actions: readonly string[]): string {
  return JSON.stringify({
    Version: version,
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });
}

/** Permissions: these actions on these resources. */
export function allow(actions: readonly string[], resources: readonly string[]): string {
  return JSON.stringify({
    Version: version,
    Statement: [{ Effect: "Allow", Action: actions, Resource: resources }],
  });
}
