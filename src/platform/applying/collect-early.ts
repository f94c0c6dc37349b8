/**
 * Keeps this process small while engines are at work beside it. V8 lets a heap of 150 MB in use grow to several hundred
 * before it looks for garbage, and the part for what is new to 192: right for a server that has its machine, wrong where
 * each engine wants memory too.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What a heap may hold, bytes, before it is collected for the first time: the SDKs and a hundred resources. */
const firstLook = 128 * 2 ** 20;

/** How much a heap may grow on what was left of it, percent, before it is collected again. V8's own limit is up to 300. */
const growth = 50;

let holders = 0;
let hasLooked = false;
let observer: PerformanceObserver | undefined;

/**
 * Until what is answered is disposed of, by everybody who asked. `heap-growing-percent` and `semi-space-growth-factor`
 * are read by V8 at each collection (heap.cc, new-spaces.cc of V8 13.6, which is Node 24's); only those that are not
 * safe to change in a running process are fixed when it starts.
 */
export function collectEarly(): Disposable {
  if (holders++ === 0) {
    setFlagsFromString(`--heap-growing-percent=${growth}`);
    // What is new gets no more room than it has by now, after all that was loaded.
    setFlagsFromString("--semi-space-growth-factor=1");
    if (!hasLooked) watchForFirstLook();
  }
  let isHeld = true;
  return {
    [Symbol.dispose]: () => {
      if (!isHeld) return;
      isHeld = false;
      if (--holders > 0) return;
      observer?.disconnect();
      setFlagsFromString("--heap-growing-percent=0");
      setFlagsFromString("--semi-space-growth-factor=2");
    },
  };
}

/** V8 reckons with growth only from the first whole collection on, which it puts off for several hundred megabytes. */
function watchForFirstLook(): void {
  observer = new PerformanceObserver(() => {
    if (hasLooked || getHeapStatistics().used_heap_size < firstLook) return;
    hasLooked = true;
    observer?.disconnect();
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    setFlagsFromString("--no-expose-gc");
    collect();
  });
  observer.observe({ entryTypes: ["gc"] });
}
