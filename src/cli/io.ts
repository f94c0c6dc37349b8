/**
 * What the command line is given by the process around it. Commands reach terminal, clock, signals and environment
 * through this and nothing else, so that a test can hand in its own.
 */

export interface TextStream {
  /** Writes text; a reader that has gone away is no error. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal now; undefined where there is none. */
  columns(): number | undefined;
  /** Rows of the terminal now; undefined where there is none. */
  rows(): number | undefined;
}

/** Somebody wants the process to end: Ctrl-C, whoever runs it (SIGTERM), or the terminal is gone (SIGHUP). */
export type Interruption = "interrupt" | "terminate" | "hangup";

export type Release = () => void;

export interface Timers {
  /** Calls again and again; never keeps the process alive. */
  every(milliseconds: number, call: () => void): Release;
  /** Calls once; never keeps the process alive. */
  after(milliseconds: number, call: () => void): Release;
}

export interface Io {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly stdin: {
    readonly isTerminal: boolean;
    /** The next line without its end; undefined when input has ended or the signal was aborted. */
    readLine(signal: AbortSignal): Promise<string | undefined>;
    /** Calls with each key pressed, by name, until released; keys that end or stop a process still do. */
    onKey(call: (key: string) => void): Release;
  };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder the user stands in. Absolute. */
  readonly workingFolder: string;
  /** The user's home folder. Absolute. */
  readonly userHome: string;
  /** Name of the user, for records. */
  readonly userName: string;
  readonly now: () => Date;
  readonly timers: Timers;
  /** Calls at each Ctrl-C, SIGTERM and SIGHUP until released; one press counts once. */
  onInterrupt(call: (kind: Interruption) => void): Release;
}
