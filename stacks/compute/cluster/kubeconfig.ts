/** kubeconfig files that fetch their credentials when they are used: none of their text is secret. */

export interface KubeconfigParts {
  /** Name of cluster, user and context alike. */
  readonly name: string;
  readonly endpoint: string;
  /** CA certificate, base64. */
  readonly certificateAuthority: string;
  /** Credential plugin: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
  readonly command: string;
  readonly arguments: readonly string[];
}

/** The file's text, as JSON, which every reader of YAML takes. */
export function makeKubeconfig(parts: KubeconfigParts): string {
  const { name, endpoint, certificateAuthority, command } = parts;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command,
            args: parts.arguments,
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
