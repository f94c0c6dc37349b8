/** TERRANE_HOME, or `~/.terrane`. */
export declare function homeOf(environment: Readonly<Record<string, string | undefined>>): string;
/** What is wrong with the folder; undefined when it can be used. */
export declare function homeProblem(home: string, probe?: HomeProbe): string | undefined;

/** What is asked of the machine. */
export interface HomeProbe {
  readonly uid: number | undefined;
  readonly freeBytes: (folder: string) => number;
}
