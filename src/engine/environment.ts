/**
 * Which environment variables the engine may see. Pure: the caller's environment is handed in. What is not on a
 * list here never reaches the engine or a plugin.
 */

/** What any process needs to work on this machine. */
const general = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  "TZ",
  "XDG_CONFIG_HOME",
  "XDG_CACHE_HOME",
] as const;

/** What reaching a cloud through a company's network needs. */
const network = [
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
] as const;

/** Credentials and settings of the clouds' own tools. */
const cloudPrefixes = ["AWS_", "GOOGLE_", "CLOUDSDK_", "GCLOUD_", "ARM_", "AZURE_", "KUBE"] as const;

/**
 * The variables of `environment` that the engine may see: for a simulated target only what any process needs, for a
 * live one also those of the network and the clouds.
 */
export function selectEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  target: "simulated" | "live",
): Record<string, string> {
  const allowed = (name: string): boolean =>
    (general as readonly string[]).includes(name) ||
    (target === "live" &&
      ((network as readonly string[]).includes(name) ||
        cloudPrefixes.some((prefix) => name.startsWith(prefix))));
  const selected: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && allowed(name)) selected[name] = value;
  }
  return selected;
}

export interface StrayVariable {
  readonly name: string;
  /** What it would have done, and that it does not. */
  readonly message: string;
}

const known: Readonly<Record<string, string>> = {
  PULUMI_DEBUG_PROVIDERS: "would put other providers in place of terrane's",
  PULUMI_SKIP_CHECKPOINTS: "would give up the record of what was begun",
  PULUMI_EXPERIMENTAL: "would switch on engine features that are not supported",
  PULUMI_BACKEND_URL: "would move the state elsewhere; set `state.url` in terrane.yaml instead",
  PULUMI_ACCESS_TOKEN: "would log in to another backend",
  PULUMI_K8S_DELETE_UNREACHABLE: "would forget objects of clusters that do not answer",
  PULUMI_CONFIG_PASSPHRASE:
    "would be the passphrase of the state; set `state.passphrase` in terrane.yaml instead",
  PULUMI_CONFIG_PASSPHRASE_FILE:
    "would be the passphrase of the state; set `state.passphrase` in terrane.yaml instead",
  PULUMI_HOME: "would move the engine's home; set TERRANE_HOME instead",
  NODE_OPTIONS: "would change how node runs inside plugins",
};

/** Variables read by Pulumi's SDK inside this process, where no list can keep them out. */
const readInProcess = [
  "PULUMI_ENABLE_LEGACY_APPLY",
  "PULUMI_DEBUG_PROMISE_LEAKS",
  "PULUMI_ERROR_OUTPUT_STRING",
];

/**
 * Variables in a caller's environment that would steer a Pulumi engine. They are kept from it; each is worth a
 * warning, since whoever set them expects something else. Sorted by name; values are never repeated.
 */
export function strayVariables(environment: Readonly<Record<string, string | undefined>>): StrayVariable[] {
  return Object.keys(environment)
    .filter(
      (name) => environment[name] !== undefined && (name.startsWith("PULUMI_") || name === "NODE_OPTIONS"),
    )
    .sort()
    .map((name) => ({
      name,
      message: readInProcess.includes(name)
        ? `${name} is set and changes how Pulumi's SDK works in this process: unset it`
        : `${name} is set but not handed to the engine${known[name] === undefined ? "" : `: it ${known[name]}`}`,
    }));
}
