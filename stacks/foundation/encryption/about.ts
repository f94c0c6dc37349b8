/** What the reference says of `encryption`. */
import type { ComponentAbout } from "../../../src/catalog/about.ts";

const asOf = "2026-11-21";

export const about: ComponentAbout = {
  purpose:
    "Keys that belong to the environment instead of to the cloud: who may use them is written down, their use is recorded, and they end with the environment. Components take them with `encryption: <name>`; without it they are encrypted with keys that the cloud manages.",
  makes: [
    {
      what: "A KMS key for each purpose: databases and their secrets, Kubernetes secrets and volumes, log groups",
      why: "Who may read logs need not be able to read the database. Each is symmetric, of one region, and rotated.",
    },
    {
      what: "A policy for each key",
      why: "The account's root may administer it, so that IAM counts and nobody is locked out. Databases, secrets and volumes are encrypted by whomever their service admits, as with the keys that AWS manages, but only through that service and only from this account; grants go to services alone. CloudWatch Logs may use the log key for log groups of this environment, which it proves by the encryption context.",
    },
    {
      what: "An alias for each key",
      why: "It says which environment and purpose the key belongs to. Nothing refers to it: aliases can be moved, ARNs cannot.",
    },
  ],
  decided: [
    {
      what: "Rotation",
      value: "every 365 days, 90 to 2560 as `rotationDays`",
      why: "AWS's own default. Older material is kept, so nothing is encrypted anew.",
      source: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
      asOf,
    },
    {
      what: "Days until an ordered deletion is carried out",
      value: "30 in `prod`, 14 in `staging`, 7 elsewhere",
      why: "The longest and the shortest that KMS allows. Until then `aws kms cancel-key-deletion` brings the key back; afterwards every copy of what it encrypted is gone.",
      source: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
      asOf,
    },
    {
      what: "Principals in the policies",
      value: "services and the account, no role by name",
      why: "KMS refuses a policy that names a role which is not there, and the roles of Auto Scaling and Spot come into being with their first use.",
      source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
      asOf,
    },
  ],
  notes: [
    "Destroying the environment orders the deletion of its keys. Final snapshots of databases are encrypted with the database key: copy them under another key before the window ends, or they end with it.",
    "Encrypting a database with another key replaces it; log groups and Kubernetes secrets take a new key in place.",
    "Each key is billed by the month, and again for the first two rotations.",
    "A part of a log group's name must be `<environment>-…`, as in all that terrane makes, or CloudWatch Logs may not use the log key for it. Of two environments `shop` and `shop-eu` in one account, the first one's key would take the second one's log groups too.",
  ],
  example: "keys: { type: encryption }",
};
