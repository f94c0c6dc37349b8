/**
 * Recognises secrets that stand in a text as they are, by the forms their issuers gave them so that they can be found.
 * Says what one is and how long, and never repeats a character of it.
 */

export interface PlainSecret {
  /** `a GitHub token` */
  readonly what: string;
  /** Characters of the secret itself. */
  readonly length: number;
}

/**
 * Forms as of 2026-11-21. Sources: AWS IAM user guide, "Unique identifiers"; GitHub, "About authentication", token
 * formats; GitLab, "Token overview"; Slack, "Token types"; Google Cloud, "API keys"; Stripe, "API keys"; npm, "About
 * access tokens"; Pulumi, "Access tokens"; RFC 7468 (keys), RFC 7519 (JWT), RFC 3986 (userinfo).
 */
const forms: readonly (readonly [what: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
  ["an AWS access key id", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{22,251})\b/],
  ["a GitLab token", /\bgl(?:pat|rt|dt|ptt)-[\w-]{20,200}/],
  ["a Slack token", /\bxox[abeprs]-[\w-]{10,200}/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,200}\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Pulumi token", /\bpul-[0-9a-f]{40}\b/],
  ["a JSON web token", /\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000}/],
  ["a password in an address", /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@${}]{0,200}:[^\s/@${}]{1,200}@/i],
  [
    "a password in a connection string",
    /(?:^|[;?&])(?:password|pwd|accountkey|sharedaccesskey)=[^\s;&$]{6,400}/i,
  ],
];

/** Longest text that is looked at, characters; a document has no longer one. */
const mostCharacters = 100_000;
const encodedWord = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const hidden = "[hidden]";

/** The first secret of a text, also where it was encoded in base64; undefined where there is none. */
export function findPlainSecret(text: string): PlainSecret | undefined {
  const looked = text.slice(0, mostCharacters);
  const found = findForm(looked);
  if (found !== undefined) return found;
  for (const [encoded] of looked.matchAll(encodedWord)) {
    const inside = findForm(Buffer.from(encoded, "base64").toString("latin1"));
    if (inside !== undefined) return { what: `${inside.what}, in base64`, length: encoded.length };
  }
  return undefined;
}

/** How they begin: enough to show nothing of a text in which one may stand, cut short or misspelt. */
const beginnings = new RegExp(
  [
    "-----BEGIN",
    "\\b(AKIA|ASIA)[0-9A-Z]{12,}",
    "\\b(gh[pousr]_\\w{20}|github_pat_|gl(pat|rt|dt|ptt)-|xox[abeprs]-|AIza[\\w-]{30}|npm_\\w{20}|pul-[0-9a-f]{20})",
    "\\b([rs]k_live_|sk-\\w{16})",
    "\\beyJ[\\w-]+\\.[\\w-]+",
    "://[^/\\s:@]*:[^/\\s@]+@",
  ].join("|"),
);

/** Whether a text is better not shown: looser than {@link findPlainSecret}, since nothing is refused by it. */
export function mayBeSecret(text: string): boolean {
  return beginnings.test(text.slice(0, 10_000));
}

/** The text with every secret in it taken out, also one in base64 or cut short. */
export function hidePlainSecrets(text: string): string {
  const looked = text.slice(0, mostCharacters);
  const encoded = looked.replace(encodedWord, (word) =>
    findForm(Buffer.from(word, "base64").toString("latin1")) === undefined ? word : hidden,
  );
  const whole = forms.reduce(
    (rest, [, form]) => rest.replace(new RegExp(form, `${form.flags}g`), hidden),
    encoded,
  );
  return whole.replace(new RegExp(`(?:${beginnings.source})[\\w+/=.-]*`, "g"), hidden);
}

function findForm(text: string): PlainSecret | undefined {
  for (const [what, form] of forms) {
    const match = form.exec(text);
    if (match !== null) return { what, length: match[0].length };
  }
  return undefined;
}
