// A match as it goes on: a stream of its versions, and a look now and then.
//
// The stream brings a move at once, but it may stop without a word: the phone
// slept, the network changed, a proxy holds everything back. So beside it the
// match is asked for, rarely while the stream speaks, every second while it
// doesn't; whatever is newer than what is known counts, so nothing is lost and
// nothing is told twice.
import { isOver } from "./match.ts";
import type { Match } from "../gen/parlor/game/v1/matches_pb.ts";
import { backOff, createBell, onWake } from "../page/waiting.ts";
import { matches } from "./clients.ts";
import { isPassing, isRefusedToken } from "./trouble.ts";

export interface Watcher {
  /** Each newer version, in order. */
  match(match: Match): void;
  /** Does the suite answer? */
  reached(reached: boolean): void;
  /** It is no match of this player's; nothing more comes. */
  refused(error: unknown): void;
}

const STREAMING_MS = 15_000;
const POLLING_MS = 1_000;
/** For a rematch, after the end. */
const OVER_MS = 2_000;

export function watchMatch(
  matchId: string,
  watcher: Watcher,
  signal: AbortSignal,
): void {
  const wakeUp = createBell();
  const ended = new AbortController();
  const all = AbortSignal.any([signal, ended.signal]);
  let latest: Match | undefined;
  let streaming = false;
  let stream = new AbortController();

  function hear(match: Match | undefined): boolean {
    watcher.reached(true);
    if (!match || (latest && match.version <= latest.version)) return false;
    latest = match;
    watcher.match(match);
    return true;
  }

  function refuse(error: unknown): void {
    if (all.aborted) return;
    ended.abort();
    watcher.refused(error);
  }

  async function listen(): Promise<void> {
    stream = new AbortController();
    const answers = matches().watchMatch(
      { matchId },
      { signal: AbortSignal.any([all, stream.signal]), timeoutMs: 0 },
    );
    for await (const { match } of answers) {
      streaming = true;
      hear(match);
    }
  }

  async function keepListening(): Promise<void> {
    for (let failures = 0; !all.aborted; failures++) {
      try {
        await listen();
        if (latest && isOver(latest)) return;
      } catch {
        // the look beside it tells why
      }
      if (streaming) failures = 0;
      streaming = false;
      wakeUp.ring(); // to look at once
      await wakeUp.heard(backOff(failures), all);
    }
  }

  async function look(): Promise<void> {
    const knownVersion = latest?.version;
    const wasStreaming = streaming;

    try {
      const answer = await matches().getMatch(
        knownVersion === undefined ? { matchId } : { matchId, knownVersion },
        { signal: all },
      );
      const missed = hear(answer.match) && wasStreaming && streaming;
      if (missed) stream.abort(); // it stands, but brings nothing
    } catch (error) {
      if (all.aborted) return;
      stream.abort();
      if (isPassing(error) || isRefusedToken(error)) watcher.reached(false);
      else refuse(error);
    }
  }

  async function keepLooking(): Promise<void> {
    while (!all.aborted) {
      if (!document.hidden) await look();
      if (latest?.rematchId) return;
      const over = latest && isOver(latest);
      await wakeUp.heard(
        over ? OVER_MS : streaming ? STREAMING_MS : POLLING_MS,
        all,
      );
    }
  }

  onWake(() => {
    stream.abort();
    wakeUp.ring();
  }, all);
  window.addEventListener("offline", () => watcher.reached(false), {
    signal: all,
  });
  void keepListening();
  void keepLooking();
}
