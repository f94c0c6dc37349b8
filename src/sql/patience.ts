/** Trying again while what is in the way may pass. */
import { setTimeout as delay } from "node:timers/promises";

/** Longest time to keep trying, milliseconds. */
export const defaultPatience = 30_000;

/** Repeats `act` while it fails in a way that passes, for at most `patience` milliseconds; pauses with jitter. */
export async function retryWhile<T>(
  passes: (error: unknown) => boolean,
  patience: number,
  act: () => T | Promise<T>,
): Promise<T> {
  const end = performance.now() + patience;
  for (let pause = 1; ; pause = Math.min(pause * 2, 40)) {
    try {
      return await act();
    } catch (error) {
      if (!passes(error) || performance.now() > end) throw error;
    }
    await delay(pause * (0.5 + Math.random()));
  }
}
