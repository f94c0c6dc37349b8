/**
 * Watches this process's own memory: node ends without a word when its heap is full, so an operation stops in good order
 * shortly before.
 */
import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { TerraneError } from "../../errors.ts";

/**
 * Part of the heap that may still be in use right after all garbage was collected. From 80 % on V8 itself counts the
 * collections that free too little and ends the process at the fourth (kHighHeapPercentage of V8's heap.cc).
 */
const largestShare = 0.75;

/**
 * What V8's limit counts on top of `--max-old-space-size` for objects that are just made: three semi-spaces of 64 MiB in
 * Node 24. What stays lives in the old space.
 */
const youngBytes = 3 * 64 * 2 ** 20;

export interface MemoryWatch extends Disposable {
  /** Aborted with `out-of-memory`. */
  readonly signal: AbortSignal;
}

export function watchMemory(): MemoryWatch {
  const pressure = new AbortController();
  const observer = new PerformanceObserver((list) => {
    const isMajor = list.getEntries().some((entry) => kindOf(entry) === constants.NODE_PERFORMANCE_GC_MAJOR);
    if (!isMajor || pressure.signal.aborted) return;
    const { used_heap_size: used, heap_size_limit } = getHeapStatistics();
    const limit = heap_size_limit - youngBytes;
    if (used > largestShare * limit) pressure.abort(outOfHeap(used, limit));
  });
  observer.observe({ entryTypes: ["gc"] });
  return { signal: pressure.signal, [Symbol.dispose]: () => observer.disconnect() };
}

function kindOf(entry: PerformanceEntry): unknown {
  return (entry as { readonly detail?: { readonly kind?: unknown } }).detail?.kind;
}

function outOfHeap(used: number, limit: number): TerraneError {
  const [isUsed, isAllowed] = [used, limit].map((bytes) => Math.round(bytes / 2 ** 20));
  return new TerraneError(
    "out-of-memory",
    `terrane's own process (node) uses ${isUsed} of the ${isAllowed} MiB that its heap may have`,
    {
      next: `Run the command again with a lower --parallel, or with NODE_OPTIONS=--max-old-space-size=${(isAllowed ?? 0) * 2}: it goes on from what exists.`,
      details: { process: "node", used, limit },
    },
  );
}
