// Calls with a player's token, and the client of the game.
import { createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Matches } from "../gen/parlor/game/v1/matches_pb.ts";
import { backOff, pause } from "../page/waiting.ts";
import { accessToken, forgetAccess, renew } from "../session/session.ts";
import { theConfig } from "./config.ts";
import { isPassing, isRefusedToken } from "./trouble.ts";

/** Until a call is given up, its repeats included. */
const PATIENCE_MS = 10_000;
const TRIES = 4;

/** Whoever sends a token that is refused gets one other. */
const authorize: Interceptor = (next) => async (request) => {
  const token = await accessToken();

  request.header.set("authorization", `Bearer ${token}`);
  try {
    return await next(request);
  } catch (error) {
    if (!isRefusedToken(error)) throw error;
    if (request.stream) {
      forgetAccess(); // its message has been used up
      throw error;
    }
    request.header.set("authorization", `Bearer ${await renew(token)}`);
    return next(request);
  }
};

/** Repeats are harmless: each request that changes something has an id. */
const persevere: Interceptor = (next) => async (request) => {
  for (let tries = 0; ; tries++) {
    try {
      return await next(request);
    } catch (error) {
      const last = tries + 1 === TRIES || request.stream;
      if (last || !isPassing(error) || request.signal.aborted) throw error;
      await pause(backOff(tries), request.signal);
    }
  }
};

export function transport(baseUrl: string) {
  return createConnectTransport({
    baseUrl,
    useBinaryFormat: true,
    defaultTimeoutMs: PATIENCE_MS,
    interceptors: [persevere, authorize],
  });
}

export const matches = () =>
  createClient(Matches, transport(theConfig().gateway || location.origin));

/** 1 to 36 characters that nobody else will think of. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));

  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
