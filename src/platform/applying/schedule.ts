/** Runs a graph of tasks, as many at once as the graph and a limit allow. Knows nothing of stacks. */

export interface Task<R> {
  readonly id: string;
  /** Ids of tasks that must have succeeded first. Ids that are not in the list are taken as done. */
  readonly after: readonly string[];
  readonly run: () => Promise<R>;
}

/** How a task ended. `not-started`: something it waits for did not succeed, or the signal came first. */
export type TaskEnd<R> =
  | { readonly state: "done"; readonly value: R }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "not-started" };

export interface ScheduleOptions<R> {
  /** Tasks at work at once, at least 1. */
  readonly limit: number;
  /** Once aborted nothing more is started; what runs is left to end by itself. */
  readonly signal: AbortSignal;
  /** Whether a task that came back lets others go on. Default: always. */
  readonly succeeded?: (value: R) => boolean;
}

/**
 * Ends when every task has ended or can no longer start. One task's failure stops only what waits for it. In a
 * cycle nothing starts.
 */
export async function runGraph<R>(
  tasks: readonly Task<R>[],
  options: ScheduleOptions<R>,
): Promise<ReadonlyMap<string, TaskEnd<R>>> {
  const ends = new Map<string, TaskEnd<R>>();
  const waiting = new Map(tasks.map((task) => [task.id, task]));
  const known = new Set(waiting.keys());
  const running = new Map<string, Promise<void>>();
  const succeeded = options.succeeded ?? (() => true);
  const passed = new Set<string>();

  const start = (task: Task<R>) => {
    waiting.delete(task.id);
    const ended = task.run().then(
      (value) => {
        ends.set(task.id, { state: "done", value });
        if (succeeded(value)) passed.add(task.id);
      },
      (error: unknown) => {
        ends.set(task.id, { state: "failed", error });
      },
    );
    running.set(
      task.id,
      ended.finally(() => running.delete(task.id)),
    );
  };

  for (;;) {
    for (const task of waiting.values()) {
      if (options.signal.aborted || running.size >= options.limit) break;
      if (task.after.every((id) => !known.has(id) || passed.has(id))) start(task);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  for (const id of waiting.keys()) ends.set(id, { state: "not-started" });
  return ends;
}
