// Time, and what makes waiting for it pointless.

/** Something that can be waited for, many times. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or when so many milliseconds have passed. */
  heard(ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  const waiting = new Set<() => void>();

  return {
    ring() {
      for (const resume of [...waiting]) resume();
    },
    heard(ms, signal) {
      return new Promise((resolve) => {
        const resume = () => {
          waiting.delete(resume);
          clearTimeout(timer);
          signal.removeEventListener("abort", resume);
          resolve();
        };
        const timer = setTimeout(resume, ms);
        waiting.add(resume);
        signal.addEventListener("abort", resume);
        if (signal.aborted) resume();
      });
    },
  };
}

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  createBell().heard(ms, signal);

/** Doubles from try to try, and differs from page to page. */
export const backOff = (tries: number): number =>
  Math.min(5_000, 200 * 2 ** tries) * (0.75 + Math.random() / 2);

/** Rings when the page has been asleep or without a network. */
export function onWake(wake: () => void, signal: AbortSignal): void {
  const visible = () => {
    if (!document.hidden) wake();
  };

  document.addEventListener("visibilitychange", visible, { signal });
  window.addEventListener("online", wake, { signal });
  window.addEventListener("pageshow", wake, { signal });
}
