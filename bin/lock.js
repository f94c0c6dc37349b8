/** One setup at a time: a lock file with a heartbeat, taken over when its holder is gone. */
import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";

const beat = 5_000;
const silence = 60_000;

/** Runs `work` while holding the lock. */
export async function withLock(file, progress, work) {
  let told = false;
  while (!take(file)) {
    if (isStale(file)) {
      // Renamed first: of two that find it stale, one removes the old lock and none the other's new one.
      const aside = `${file}.${process.pid}`;
      try {
        renameSync(file, aside);
        rmSync(aside, { force: true });
      } catch {}
      continue;
    }
    if (!told) progress.say("Another setup is at work; waiting for it to end …");
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {}
  }, beat);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    const handle = openSync(file, "wx", 0o600);
    writeSync(handle, JSON.stringify({ pid: process.pid, host: hostname() }));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

function isStale(file) {
  try {
    const quiet = Date.now() - statSync(file).mtimeMs;
    if (quiet > silence) return true;
    const { pid, host } = JSON.parse(readFileSync(file, "utf8"));
    if (host !== hostname()) return false;
    try {
      process.kill(pid, 0);
      return false;
    } catch (error) {
      return error.code === "ESRCH";
    }
  } catch {
    // Just being written, or just removed.
    return false;
  }
}
