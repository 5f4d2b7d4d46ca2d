// From guest to account, and out again.
import { matches } from "../suite/clients.ts";
import { theConfig } from "../suite/config.ts";
import { keep, kept, keys } from "../page/storage.ts";
import {
  accessToken,
  endSession,
  isGuest,
  renew,
  session,
  userPool,
} from "./session.ts";

/** Whose code is being waited for. */
export const awaitedName = (): string | undefined => kept(keys.signUp);

/** A guest's matches and record become the account's, once it is confirmed. */
export async function signUp(
  username: string,
  email: string,
  password: string,
): Promise<void> {
  const guest = isGuest(session()?.username ?? "");

  await userPool().signUp({
    clientId: theConfig().clientId,
    username,
    password,
    userAttributes: [{ name: "email", value: email }],
    ...(guest ? { accessToken: await accessToken() } : {}),
  });
  keep(keys.signUp, username);
}

export async function resendCode(username: string): Promise<void> {
  await userPool().resendConfirmationCode({
    clientId: theConfig().clientId,
    username,
  });
}

/** Is the player signed in as that account by it? (Who was its guest is.) */
export async function confirm(
  username: string,
  confirmationCode: string,
): Promise<boolean> {
  await userPool().confirmSignUp({
    clientId: theConfig().clientId,
    username,
    confirmationCode,
  });
  keep(keys.signUp, undefined);
  if (session()) await renew(await accessToken());
  return session()?.username === username;
}

export async function signOut(): Promise<void> {
  const { refreshToken = "" } = session() ?? {};

  await userPool().revokeToken({
    token: refreshToken,
    clientId: theConfig().clientId,
  });
  endSession();
}

/** First all that the game knows of the player, then the account itself. */
export async function deleteAccount(): Promise<void> {
  let done = false;

  while (!done) ({ done } = await matches().deletePlayer({}));
  await userPool().deleteUser({ accessToken: await accessToken() });
  endSession();
}
