/** Runs `work` while holding the lock. */
export declare function withLock<T>(
  file: string,
  progress: { readonly say: (line: string) => void },
  work: () => Promise<T>,
): Promise<T>;
