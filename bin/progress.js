/** Tells a person what setup is doing: one line that counts up on a terminal, plain lines elsewhere. To stderr. */
export function makeProgress({
  stream = process.stderr,
  verbose = process.env.TERRANE_VERBOSE === "1",
} = {}) {
  const terminal = stream.isTTY === true;
  let current;

  const seconds = () => Math.round((performance.now() - current.began) / 1000);
  const text = () =>
    `${current.what}: ${elapsed(seconds())}${current.detail === "" ? "" : `, ${current.detail}`}`;
  const show = () => {
    if (terminal) stream.write(`\r\u001b[K${text()}`);
    else stream.write(`${text()}\n`);
  };
  const end = (word) => {
    if (current === undefined) return;
    clearInterval(current.timer);
    stream.write(`${terminal ? "\r\u001b[K" : ""}${current.what}: ${word} after ${elapsed(seconds())}\n`);
    current = undefined;
  };

  return {
    start(what) {
      end("done");
      current = {
        what,
        detail: "",
        began: performance.now(),
        timer: setInterval(show, terminal ? 1000 : 15_000),
      };
      current.timer.unref();
      if (terminal) show();
      else stream.write(`${what} …\n`);
    },
    detail(detail) {
      if (current !== undefined) current.detail = detail;
    },
    done: () => end("done"),
    failed: () => end("failed"),
    say: (line) => stream.write(`${line}\n`),
    verbose: (line) => verbose && stream.write(`  ${line}\n`),
  };
}

/** 75 → `1m15s`. */
export function elapsed(seconds) {
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}
