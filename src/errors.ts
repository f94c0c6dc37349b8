/**
 * The one error class of terrane and the closed table of its codes. Every refusal and failure that a caller can
 * see carries a code of this table; the table says which exit code, which HTTP status and which next step follow.
 * Knows nothing of documents, engines or clouds.
 */

/** Exit codes of the command line. 2 (differences) is not an error: only `state diff` and `plan --detailed-exitcode` use it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  differences: 2,
  deniedByPolicy: 3,
  forbidden: 4,
  held: 5,
  timedOut: 6,
  usage: 64,
  document: 65,
  unavailable: 69,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

interface CodeEntry {
  /** What the code means, one sentence for the reference. */
  readonly meaning: string;
  readonly exit: ExitCode;
  /** HTTP status of a service answer with this code. */
  readonly http: number;
  /** What the reader can do next, one imperative sentence. */
  readonly next: string;
}

const document = (meaning: string, next: string): CodeEntry => ({
  meaning,
  exit: exitCodes.document,
  http: 422,
  next,
});
const usage = (meaning: string, next: string): CodeEntry => ({
  meaning,
  exit: exitCodes.usage,
  http: 400,
  next,
});

/** Every code there is. Once released, a code never changes its meaning. */
export const errorTable = {
  // --- files and YAML
  "yaml-syntax": document("The text is not YAML.", "Mend the text at the position shown."),
  "duplicate-key": document("A mapping has the same key twice.", "Keep one of the two."),
  "too-many-aliases": document(
    "Aliases would expand past the limit.",
    "Write the repeated values out, or use parameters.",
  ),
  "too-many-values": document("The file holds too much.", "Split the document."),
  "merge-key": document("YAML merge keys are not part of the syntax.", "Write the keys out."),
  "tag-not-allowed": document("A YAML tag is not part of the syntax.", "Remove the tag."),
  "too-deep": document("The document is nested too deep.", "Flatten the document."),
  "file-too-large": document("The file is over the size limit.", "Split the document."),
  "not-a-file": document("The path is not a regular file.", "Give the path of a YAML file."),
  "file-not-found": document("There is no such file.", "Check the path."),
  "not-utf-8": document("The file is not UTF-8 text.", "Save the file as UTF-8."),
  "control-character": document("The text holds a control character.", "Remove it."),
  "not-yaml": document("The file is binary.", "Give a YAML file."),
  "empty-document": document(
    "The document is empty.",
    "Start with apiVersion and kind; `terrane init` writes one.",
  ),
  "not-a-mapping": document("The document is not a mapping.", "Start with apiVersion and kind."),
  "duplicate-document": document("Two documents have the same kind and name.", "Rename or remove one."),
  "several-documents": document("One document is expected.", "Put each document in a file of its own."),
  "path-outside": document("A path leads outside the project.", "Use a path below the project folder."),
  "document-not-found": document(
    "A named document is not in the project.",
    "Check the name, or add the document.",
  ),
  "lock-stale": document(
    "The lock of an environment does not fit it.",
    "Run `terrane lock` for the environment, and look at what it changes.",
  ),
  "blueprint-changed": document(
    "The text of a locked blueprint has changed.",
    "Give the new text a version of its own, or take it as it is with `terrane lock --update`.",
  ),
  "source-unavailable": {
    meaning: "A source of blueprints cannot be reached.",
    exit: exitCodes.unavailable,
    http: 503,
    next: "Check the repository's address and your access to it; what is locked and cached needs neither.",
  },
  "document-invalid": document("A document has problems.", "Mend every problem listed, then try again."),
  // --- schema
  "unsupported-api-version": document("The apiVersion is not known.", "Write the version shown."),
  "unknown-kind": document("The kind is not known.", "Write one of the kinds shown."),
  "unknown-key": document("The key is not part of the syntax.", "Remove or rename the key."),
  "missing-key": document("A required key is missing.", "Add the key."),
  "wrong-type": document("The value has the wrong type.", "Write a value of the type shown."),
  "bad-value": document("The value is not allowed here.", "Write one of the values shown."),
  "quote-this": document("A version was read as a number.", "Put it in double quotes."),
  "must-be-literal": document("Interpolation is not allowed here.", "Write the value itself."),
  "reserved-word": document("The word belongs to the syntax.", "Choose another name."),
  // --- names and references
  "bad-name": document("The name breaks a naming rule.", "Use the name proposed."),
  "reserved-name": document("The name is reserved.", "Choose another name."),
  "name-collision": document("Two names become equal.", "Rename one of them."),
  "name-taken": document("The name is in use.", "Choose another name."),
  "unknown-reference": document("A reference leads nowhere.", "Refer to one of the names shown."),
  "wrong-reference-type": document(
    "A reference leads to the wrong type.",
    "Refer to one of the names shown.",
  ),
  "ambiguous-reference": document("A reference fits several places.", "Name the site: component@site."),
  "reference-cycle": document("References lead in a circle.", "Break the circle at one of the places shown."),
  "rank-violation": document(
    "A component refers to one of higher rank.",
    "Turn the reference round: the consumer refers to what it uses.",
  ),
  "stack-cycle": document(
    "Stacks depend on each other in a circle.",
    "Move one component, or drop a reference.",
  ),
  "unknown-component-type": document("There is no such component type.", "Use one of the types shown."),
  "unknown-site": document("There is no such site.", "Use one of the sites shown."),
  "unknown-parameter": document("There is no such parameter.", "Use one of the parameters shown."),
  "missing-parameter": document("A required parameter has no value.", "Give the parameter a value."),
  "bad-parameter": document(
    "A parameter's value is not allowed.",
    "Give a value that the declaration allows.",
  ),
  "secret-in-plain-sight": document(
    "A secret is written down.",
    "Take it out, replace it where it was issued, and refer to the new one.",
  ),
  "bad-secret-reference": document("A secret reference cannot be read.", "Point it at a value that exists."),
  "same-fault-domain": document(
    "Sites do not fit their roles.",
    "Give the sites different places and sound roles.",
  ),
  "site-elsewhere": document(
    "A site is said to be one that stands in another place.",
    "Leave `formerly` out: what moves to another place is made anew there.",
  ),
  "component-type-changed": document(
    "A component of the running environment would change its type.",
    "Give the new component another name.",
  ),
  unsupported: document("The cloud, or terrane, does not have this.", "Use what is shown as allowed."),
  "not-in-this-release": document("This release cannot do this yet.", "See the README for what it can do."),
  // --- network
  "bad-cidr": document(
    "The text is not an address range.",
    "Write four decimal numbers and a prefix: 10.0.0.0/16.",
  ),
  "cidr-host-bits": document("The address range has host bits set.", "Use the range proposed."),
  "cidr-overlap": document("Two address ranges overlap.", "Use the free block proposed."),
  "cidr-reserved": document("The address range is kept by others.", "Use the free block proposed."),
  "too-few-addresses": document(
    "An address range is too small for what is to stand in it.",
    "Use the prefix proposed, or ask for less.",
  ),
  "pool-exhausted": document(
    "No block is free in the address pool.",
    "Widen the pool or remove an environment.",
  ),
  // --- what a cloud offers, and what a live component can become
  "version-not-offered": document("The cloud does not offer this version.", "Use one of the versions shown."),
  "bad-range": document("Numbers do not fit each other or their limits.", "Keep to the relation shown."),
  "bad-change": document("What is live cannot become this.", "Take the steps shown, one at a time."),
  "open-to-the-world": document(
    "Something private would be open to the whole internet.",
    "Name the address ranges that need it.",
  ),
  "endpoint-unreachable": document(
    "terrane could not reach what it is to work on.",
    "Run terrane inside the network, or name the ranges that may reach it.",
  ),
  "bad-duration": document("The text is not a duration.", "Write a number and a unit: 30s, 15m, 72h, 7d."),
  "bad-schedule": document("The text is not a schedule.", "Write five fields: 0 20 * * 1-5."),
  "budget-too-high": document(
    "The budget is above the largest of its class.",
    "Lower it, or have the limit in terrane.yaml raised.",
  ),
  "missing-tag": document("A required tag is missing or empty.", "Give every required tag a value."),
  "bad-tag": document("A tag is not allowed.", "Use the allowed form."),
  "data-stale": document("A data file is older than its limit.", "Renew the data file."),
  // --- use
  "bad-usage": usage("The command line is wrong.", "See --help."),
  "unknown-command": usage("There is no such command.", "See --help."),
  "confirmation-required": usage(
    "The change needs a yes, and there is no terminal to ask on.",
    "Look at the plan, then run the command again with --yes.",
  ),
  "project-not-found": usage(
    "There is no terrane project here.",
    "Run `terrane init`, or name a folder with --dir.",
  ),
  "project-exists": usage(
    "There is a terrane project here already.",
    "Work with it, or choose another folder.",
  ),
  "bad-home": usage(
    "TERRANE_HOME cannot be used.",
    "Point it at a folder that you own and only you can write.",
  ),
  "bad-url": usage("The URL cannot be used.", "Write the URL in the form shown."),
  // --- environments and operations
  "environment-not-found": {
    meaning: "There is no such environment.",
    exit: exitCodes.failed,
    http: 404,
    next: "Run `terrane status` to see what there is.",
  },
  "denied-by-policy": {
    meaning: "A policy denies the change.",
    exit: exitCodes.deniedByPolicy,
    http: 403,
    next: "Mend what the findings name, then plan again.",
  },
  "approval-required": {
    meaning: "A prod environment would lose data, and nobody has named what.",
    exit: exitCodes.forbidden,
    http: 403,
    next: "Look at the plan, then name each component that may lose its data with --allow-data-loss.",
  },
  "not-from-a-pull-request": {
    meaning: "Code that nobody has merged yet may not change live clouds or prod.",
    exit: exitCodes.forbidden,
    http: 403,
    next: "Merge first; a plan is allowed from a pull request.",
  },
  "policy-unavailable": {
    meaning: "The policies could not be asked; nothing goes on unjudged.",
    exit: exitCodes.failed,
    http: 503,
    next: "Run the command again; report it if it stays.",
  },
  "plan-stale": {
    meaning: "What the plan was made for has moved.",
    exit: exitCodes.failed,
    http: 409,
    next: "Plan again.",
  },
  "plan-tampered": {
    meaning: "The plan does not match its own hash.",
    exit: exitCodes.failed,
    http: 409,
    next: "Plan again.",
  },
  "lease-held": {
    meaning: "Another operation is at work on the environment.",
    exit: exitCodes.held,
    http: 409,
    next: "Wait until it ends, or see `terrane status`.",
  },
  "lease-lost": {
    meaning: "Somebody else has taken over: what this process would still write is refused.",
    exit: exitCodes.held,
    http: 409,
    next: "See `terrane status`: the operation goes on there, or with the next `terrane up`.",
  },
  "engine-alive": {
    meaning: "An engine of an interrupted operation is still at work and cannot be ended.",
    exit: exitCodes.held,
    http: 409,
    next: "End the process named, then run the command again.",
  },
  "operation-failed": {
    meaning: "The operation did not reach its end.",
    exit: exitCodes.failed,
    http: 500,
    next: "Run the printed command: it goes on from what exists.",
  },
  "deletion-protected": {
    meaning: "The cloud protects a resource from deletion, and the plan would delete it.",
    exit: exitCodes.failed,
    http: 409,
    next: "Turn the protection off with an `up` of its own, then try again.",
  },
  "borrowed-by-others": {
    meaning: "Other environments use components of this one.",
    exit: exitCodes.failed,
    http: 409,
    next: "Destroy the borrowers first.",
  },
  cancelled: {
    meaning: "The operation was interrupted.",
    exit: exitCodes.interrupted,
    http: 409,
    next: "Run the printed command: it goes on from what exists.",
  },
  "timed-out": {
    meaning: "The time given ran out.",
    exit: exitCodes.timedOut,
    http: 504,
    next: "Run the command again, with a longer --timeout; it goes on from what exists.",
  },
  "output-not-found": {
    meaning: "The environment has no such output.",
    exit: exitCodes.failed,
    http: 404,
    next: "Run `terrane outputs` to see what there is.",
  },
  "output-secret": {
    meaning: "The output is secret and is not printed.",
    exit: exitCodes.failed,
    http: 403,
    next: "Read it where the cloud keeps it.",
  },
  "operation-not-found": {
    meaning: "The environment has no such operation on record.",
    exit: exitCodes.failed,
    http: 404,
    next: "Run `terrane history` to see what there is.",
  },
  "nothing-to-explain": usage(
    "The path names no kind, field, component type or error code.",
    "Run `terrane explain` to see where paths begin.",
  ),
  // --- engine, state, clouds
  "engine-missing": {
    meaning: "The Pulumi engine is not to be had.",
    exit: exitCodes.unavailable,
    http: 503,
    next: "Run `npx terrane-setup`, or install the version shown.",
  },
  "engine-version": {
    meaning: "The engine has another version than the pinned one.",
    exit: exitCodes.unavailable,
    http: 503,
    next: "Run `npx terrane-setup`: it installs the pinned version.",
  },
  "engine-failed": {
    meaning: "The engine ended with an error.",
    exit: exitCodes.failed,
    http: 500,
    next: "See the engine's own words above.",
  },
  "engine-died": {
    meaning: "The engine was killed, or crashed.",
    exit: exitCodes.failed,
    http: 500,
    next: "Run the printed command: it goes on from what exists.",
  },
  "state-corrupt": {
    meaning: "The state cannot be read.",
    exit: exitCodes.failed,
    http: 500,
    next: "Restore the newest good copy.",
  },
  "state-foreign": {
    meaning: "The state is another stack's, or of another life of its environment.",
    exit: exitCodes.failed,
    http: 409,
    next: "Give a state that was exported from this stack.",
  },
  "checkpoint-not-found": {
    meaning: "No checkpoint of that serial is kept.",
    exit: exitCodes.failed,
    http: 404,
    next: "Run `terrane state checkpoints` to see which there are.",
  },
  "state-tampered": {
    meaning: "The state is not the one that terrane saved: somebody changed it by hand.",
    exit: exitCodes.failed,
    http: 409,
    next: "Restore the newest good checkpoint, or accept the change by its digest.",
  },
  "state-newer": {
    meaning: "The state, or what an engine says of it, is of a newer release.",
    exit: exitCodes.failed,
    http: 409,
    next: "Use that release or a newer one; nothing was changed.",
  },
  "stack-not-found": {
    meaning: "There is no such stack.",
    exit: exitCodes.failed,
    http: 404,
    next: "Check the name: `terrane list` shows the environments whose stacks there are.",
  },
  "stack-exists": {
    meaning: "There is a stack of that name already.",
    exit: exitCodes.failed,
    http: 409,
    next: "Choose another name.",
  },
  "stack-not-empty": {
    meaning: "The stack still holds resources.",
    exit: exitCodes.failed,
    http: 400,
    next: "Destroy what it holds first.",
  },
  // --- the state's service
  "bad-request": usage("The request cannot be read.", "Use a client of the pinned version."),
  "request-too-large": {
    meaning: "The request is over the size limit.",
    exit: exitCodes.usage,
    http: 413,
    next: "Split the stack.",
  },
  "no-such-route": {
    meaning: "The service has no such route.",
    exit: exitCodes.usage,
    http: 404,
    next: "See docs/pulumi.md for what the service can do.",
  },
  "not-logged-in": {
    meaning: "The token opens nothing here.",
    exit: exitCodes.forbidden,
    http: 401,
    next: "Set PULUMI_ACCESS_TOKEN to the token of this service.",
  },
  "read-only": {
    meaning: "The token reads only.",
    exit: exitCodes.forbidden,
    http: 403,
    next: "Make the change through an operation.",
  },
  "wrong-passphrase": {
    meaning: "The state's secrets cannot be read with this passphrase.",
    exit: exitCodes.failed,
    http: 500,
    next: "Give the passphrase that the environment was made with.",
  },
  "key-unavailable": {
    meaning: "The key that opens the state's secrets cannot be used.",
    exit: exitCodes.unavailable,
    http: 503,
    next: "Enable the key, or allow encrypt and decrypt with it; then run the command again.",
  },
  "ledger-newer": {
    meaning: "The ledger was written by a newer release.",
    exit: exitCodes.failed,
    http: 500,
    next: "Use that release or a newer one.",
  },
  "newer-than-me": {
    meaning: "A record holds what only a newer release knows, and would be dropped with the next change.",
    exit: exitCodes.failed,
    http: 500,
    next: "Use that release or a newer one.",
  },
  "state-not-saved": {
    meaning: "Resources exist that the state does not know, since the database took no more.",
    exit: exitCodes.unavailable,
    http: 503,
    next: "Run the command again on this machine once the database can be reached: it takes in what was kept.",
  },
  "database-unavailable": {
    meaning: "The database cannot be reached.",
    exit: exitCodes.unavailable,
    http: 503,
    next: "Check its URL and that it runs.",
  },
  "cloud-error": {
    meaning: "A cloud refused a call.",
    exit: exitCodes.failed,
    http: 502,
    next: "See the cloud's own words above.",
  },
  "state-older-than-ledger": {
    meaning: "A backend holds an older state than the last one that terrane saw there.",
    exit: exitCodes.failed,
    http: 409,
    next: "Put the newest state back where it was: with the older one, what was made since would be made again.",
  },
  "ledger-rolled-back": {
    meaning: "The ledger's database is an older copy than the one this machine has seen, or another one.",
    exit: exitCodes.failed,
    http: 409,
    next: "Put the newest copy of the database back, or accept this one with `terrane audit accept` and the head shown.",
  },
  "state-moved": {
    meaning: "The state of a stack was taken elsewhere.",
    exit: exitCodes.failed,
    http: 409,
    next: "Work with the place it was taken to, or bring it back with `terrane migrate`.",
  },
  "disk-full": {
    meaning: "A disk has too little room.",
    exit: exitCodes.failed,
    http: 507,
    next: "Make room on the disk of the path shown, then run the command again: it goes on from what exists.",
  },
  "out-of-memory": {
    meaning: "A process needs more memory than it may have.",
    exit: exitCodes.failed,
    http: 507,
    next: "Run the command again with a lower --parallel, or allow more memory: it goes on from what exists.",
  },
  "object-not-found": {
    meaning: "The cloud has no such object.",
    exit: exitCodes.failed,
    http: 404,
    next: "Run `terrane cloud ls` to see what there is.",
  },
  // --- recovery: the clouds against the states
  "state-missing": {
    meaning: "The clouds hold objects of an environment, and no state knows any of them.",
    exit: exitCodes.failed,
    http: 409,
    next: "Bring the state back, or rebuild it with `terrane recover` and --rebuild.",
  },
  "state-older-than-cloud": {
    meaning: "The clouds hold objects of an environment that its states do not know.",
    exit: exitCodes.failed,
    http: 409,
    next: "Bring the newest state and ledger back; what belongs to nobody has to be deleted by hand.",
  },
  "state-not-rebuilt": {
    meaning: "A state could not be rebuilt whole from what the clouds hold.",
    exit: exitCodes.failed,
    http: 409,
    next: "Look at what is named: delete it or make it in the cloud, or bring a backup of the state back.",
  },
  "clock-skew": {
    meaning: "This machine's clock and the cloud's are too far apart.",
    exit: exitCodes.failed,
    http: 500,
    next: "Set this machine's clock, best by a time server, then run the command again.",
  },
  "made-twice": {
    meaning: "What was to be made once is there more than once.",
    exit: exitCodes.failed,
    http: 409,
    next: "Delete all of them but one, then run the command again.",
  },
  "create-unknowable": {
    meaning: "Nobody can tell whether an interrupted create has made something.",
    exit: exitCodes.failed,
    http: 409,
    next: "Look in the cloud, then tell `terrane recover` with --made or --not-made.",
  },
  "permission-denied": {
    meaning: "A file system or a database refuses access.",
    exit: exitCodes.failed,
    http: 500,
    next: "Check owner and mode of the path, or user and password of the database, shown.",
  },
  internal: {
    meaning: "A defect of terrane.",
    exit: exitCodes.failed,
    http: 500,
    next: "Please report it, with the output of `terrane doctor`.",
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;

/** Every code there is; what it means stands in `errorTable`. */
export type ErrorCode = keyof typeof errorTable;

/** A place in a document. Lines and columns count from 1; columns count UTF-16 code units, as editors do. */
export interface Position {
  /** Path as the user gave it, relative to where they stand. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a document, with all a person needs to mend it. */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: "error" | "warning";
  /** What is wrong, one sentence without a position. */
  readonly message: string;
  readonly position?: Position;
  /** JSON Pointer of the value within its document. */
  readonly path?: string;
  /** The value seen, cut and escaped; never a secret. */
  readonly seen?: string;
  /** What is allowed. */
  readonly allowed?: string;
  /** The nearest right value. */
  readonly nearest?: string;
  /** What to do next, where the code's own next step is too general. */
  readonly next?: string;
  /** Other places that belong to the same problem. */
  readonly related?: readonly { readonly position: Position; readonly message: string }[];
}

export interface TerraneErrorOptions {
  readonly problems?: readonly Problem[];
  /** Replaces the table's next step. A command in it can be pasted as it stands. */
  readonly next?: string;
  /** Facts for machines, JSON only, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class. `message` is for people and holds no secret. */
export class TerraneError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  readonly next: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: TerraneErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TerraneError";
    this.code = code;
    this.problems = options.problems ?? [];
    this.next = options.next ?? errorTable[code].next;
    this.details = options.details ?? {};
  }

  get exitCode(): ExitCode {
    return errorTable[this.code].exit;
  }

  get httpStatus(): number {
    return errorTable[this.code].http;
  }
}

/** What went wrong in the words of whoever threw it, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  const first = firstError(thrown);
  return first instanceof Error ? first.message : String(first);
}

/** What went wrong before letting go of what was open went wrong as well. */
export function firstError(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstError(thrown.suppressed) : thrown;
}
