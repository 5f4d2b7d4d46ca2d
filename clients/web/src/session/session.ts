// Who plays here: the tokens of one sign-in, shared by this origin's tabs.
//
// The refresh token is in the origin's storage, the access token in memory only
// (docs/web.md says why). One tab at a time renews, and tells the others.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import {
  UserPool,
  type AuthenticationResult,
} from "../gen/parlor/auth/v1/user_pool_pb.ts";
import { forgetPlayer, keep, kept, keys } from "../page/storage.ts";
import { theConfig } from "../suite/config.ts";
import { isRefusedToken } from "../suite/trouble.ts";

export interface Session {
  readonly sub: string;
  readonly username: string;
  readonly refreshToken: string;
}

interface Access {
  readonly token: string;
  /** Milliseconds since 1970, by this device's clock. */
  readonly until: number;
}

/** An access token that ends sooner is renewed before it is used. */
const MARGIN_MS = 30_000;
const GUEST = "guest-";

let access: Access | undefined;
const listeners = new Set<() => void>();
const tabs =
  "BroadcastChannel" in window ? new BroadcastChannel(keys.session) : undefined;

export const userPool = () =>
  createClient(
    UserPool,
    createConnectTransport({
      baseUrl: theConfig().auth,
      useBinaryFormat: true,
      defaultTimeoutMs: 15_000,
    }),
  );

// ---- who it is -----------------------------------------------------------------

export function session(): Session | undefined {
  const text = kept(keys.session);

  return text ? (JSON.parse(text) as Session) : undefined;
}

export const isGuest = (username: string): boolean =>
  username.startsWith(GUEST);

/**
 * Tells when somebody else plays, or nobody, without this page having asked for
 * it: another tab did, or the suite refuses the sign-in.
 */
export function onSession(listener: () => void): void {
  listeners.add(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

function claimsOf(token: string): { sub: string; username: string } {
  const part = (token.split(".")[1] ?? "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));

  return JSON.parse(new TextDecoder().decode(bytes)) as {
    sub: string;
    username: string;
  };
}

/** Takes up what a sign-in or a renewal answered; the access token. */
function takeUp(result: AuthenticationResult | undefined): string {
  const before = session();

  if (!result?.accessToken) throw new ConnectError("no tokens", Code.Internal);
  const { sub, username } = claimsOf(result.accessToken);
  const refreshToken = result.refreshToken || before?.refreshToken || "";
  access = {
    token: result.accessToken,
    until: Date.now() + result.expiresIn * 1000 - MARGIN_MS,
  };
  if (before && before.sub !== sub) forgetPlayer();
  keep(keys.session, JSON.stringify({ sub, username, refreshToken }));
  tabs?.postMessage(access);
  return access.token;
}

/** Forgets the sign-in, here and in the other tabs. */
export function endSession(): void {
  access = undefined;
  forgetPlayer();
  keep(keys.session, undefined);
}

tabs?.addEventListener("message", ({ data }: MessageEvent<Access>) => {
  access = data;
});
window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  const of = (text: string | null) =>
    text ? (JSON.parse(text) as Session) : undefined;
  const before = of(oldValue);
  const now = of(newValue);

  if (key !== keys.session || before?.username === now?.username) return;
  if (before?.sub !== now?.sub) access = undefined;
  tell();
});

// ---- tokens --------------------------------------------------------------------

/** One at a time over all tabs, where the browser can (it can on https). */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator
    ? await navigator.locks.request(keys.session, work)
    : work();
}

async function initiate(
  authFlow: string,
  authParameters: Record<string, string> = {},
): Promise<string> {
  const { clientId } = theConfig();
  const answer = await userPool().initiateAuth({
    authFlow,
    authParameters,
    clientId,
  });
  return takeUp(answer.authenticationResult);
}

async function refresh(): Promise<string> {
  const current = session();

  if (!current) return initiate("GUEST_AUTH");
  try {
    return await initiate("REFRESH_TOKEN_AUTH", {
      REFRESH_TOKEN: current.refreshToken,
    });
  } catch (error) {
    if (isRefusedToken(error)) {
      endSession();
      tell();
    }
    throw error;
  }
}

let renewing: Promise<string> | undefined;

/**
 * A token other than the stale one. Whoever has no session yet becomes a guest.
 */
export function renew(stale?: string): Promise<string> {
  renewing ??= alone(async () => {
    if (access && access.token !== stale && Date.now() < access.until)
      return access.token; // another tab was quicker
    return refresh();
  }).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

export async function accessToken(): Promise<string> {
  return access && Date.now() < access.until ? access.token : renew();
}

/** After it was refused: the next one asked for is new. */
export function forgetAccess(): void {
  access = undefined;
}

export async function signIn(
  username: string,
  password: string,
): Promise<void> {
  await alone(() =>
    initiate("USER_PASSWORD_AUTH", { USERNAME: username, PASSWORD: password }),
  );
}
