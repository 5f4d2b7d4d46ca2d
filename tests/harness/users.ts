// Players: accounts made, confirmed by mail and signed in as anybody would.
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserPool } from "../gen/parlor/auth/v1/user_pool_pb.js";
import { client, type Suite } from "./suite.ts";
import { readJwt } from "./tokens.ts";
import { until } from "./until.ts";

export const password = "Correct-horse-7";

export interface User {
  readonly username: string;
  readonly sub: string;
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

export const auth = (suite: Suite) => client(UserPool, suite.url.auth);

/** The code of the last mail to that address. */
export async function mailedCode(suite: Suite, to: string): Promise<string> {
  const folder = join(suite.data, "mail");
  return until(`mail to ${to}`, async () => {
    const names = await readdir(folder).catch(() => []);
    const mails = await Promise.all(
      names
        .filter((name) => !name.startsWith(".")) // a draft
        .sort()
        .map((name) => readFile(join(folder, name), "utf8")),
    );
    return mails
      .findLast((mail) => mail.includes(to))
      ?.match(/\b\d{6}\b/g)
      ?.at(-1);
  });
}

export async function signUp(suite: Suite, username: string): Promise<string> {
  const email = `${username}@example.test`;
  const { userSub } = await auth(suite).signUp({
    clientId: suite.clientId,
    username,
    password,
    userAttributes: [{ name: "email", value: email }],
  });
  await auth(suite).confirmSignUp({
    clientId: suite.clientId,
    username,
    confirmationCode: await mailedCode(suite, email),
  });
  return userSub;
}

type Tokens = Pick<User, "accessToken" | "idToken" | "refreshToken">;

async function initiateAuth(
  suite: Suite,
  authFlow: string,
  authParameters: Record<string, string> = {},
): Promise<Tokens> {
  const { authenticationResult } = await auth(suite).initiateAuth({
    clientId: suite.clientId,
    authFlow,
    authParameters,
  });
  if (!authenticationResult) throw new Error("no tokens came");
  const { accessToken, idToken, refreshToken } = authenticationResult;
  return { accessToken, idToken, refreshToken };
}

export async function signIn(
  suite: Suite,
  username: string,
): Promise<Omit<User, "sub">> {
  const tokens = await initiateAuth(suite, "USER_PASSWORD_AUTH", {
    USERNAME: username,
    PASSWORD: password,
  });
  return { username, ...tokens };
}

/** New tokens of the same sign-in; the refresh token stays as it was. */
export async function refresh(
  suite: Suite,
  refreshToken: string,
): Promise<Tokens> {
  return initiateAuth(suite, "REFRESH_TOKEN_AUTH", {
    REFRESH_TOKEN: refreshToken,
  });
}

/** A new guest, whose name and sub stand in its token. */
export async function newGuest(suite: Suite): Promise<User> {
  const tokens = await initiateAuth(suite, "GUEST_AUTH");
  const { username, sub } = readJwt(tokens.accessToken).claims;
  await known(suite, tokens.accessToken);
  return { ...tokens, username: String(username), sub: String(sub) };
}

/** A new player, signed in, whose token is known everywhere. */
export async function newUser(
  suite: Suite,
  username = `u-${randomUUID().slice(0, 8)}`,
): Promise<User> {
  const sub = await signUp(suite, username);
  const tokens = await signIn(suite, username);
  await known(suite, tokens.accessToken);
  return { ...tokens, sub };
}

const probes = {
  kv: "/parlor.kv.v1.KeyValue/GetItem",
  game: "/parlor.game.v1.Matches/ListMatches",
  gateway: "/parlor.game.v1.Matches/ListMatches",
} as const;

/** A daemon that has not seen a key asks for it within a second; for those of the
 * settings' own pool, that is. */
async function known(suite: Suite, accessToken: string): Promise<void> {
  if (readJwt(accessToken).claims["iss"] !== suite.issuer) return;
  for (const name of ["kv", "game", "gateway"] as const)
    if (suite.programs.has(name))
      await until(`the user is known to ${name}`, async () => {
        const answer = await fetch(suite.url[name] + probes[name], {
          method: "POST",
          headers: {
            authorization: `Bearer ${accessToken}`,
            "content-type": "application/json",
          },
          body: "{}",
        });
        await answer.arrayBuffer();
        return answer.status !== 401 && answer.status !== 503;
      });
}
