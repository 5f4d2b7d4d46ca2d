// A guest signs up: the account has the guest's sub and sign-ins, once it is
// confirmed, and until then the guest goes on.
import { Code, ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { rowsOf, signedAgain } from "../../harness/pool.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { startSuite } from "../../harness/suite.ts";
import { exceptionOf, forgeries, readJwt } from "../../harness/tokens.ts";
import {
  auth,
  mailedCode,
  newGuest,
  newUser,
  password,
  refresh,
  signIn,
  signUp,
} from "../../harness/users.ts";

const [suite, foreign] = await Promise.all([
  startSuite(["kv", "auth"]),
  startSuite(["kv", "auth"]),
]);
after(() => Promise.all([suite.stop(), foreign.stop()]));
const { clientId } = suite;
const pool = auth(suite);

const begin = (
  username: string,
  accessToken?: string,
  email = `${username}@example.test`,
) =>
  pool.signUp({
    clientId,
    username,
    password,
    userAttributes: [{ name: "email", value: email }],
    ...(accessToken === undefined ? {} : { accessToken }),
  });
const confirm = async (username: string, email = `${username}@example.test`) =>
  pool.confirmSignUp({
    clientId,
    username,
    confirmationCode: await mailedCode(suite, email),
  });
/** Who the sign-in's next access token says it is. */
const whoIs = async (refreshToken: string) => {
  const { accessToken } = await refresh(suite, refreshToken);
  const { username, sub } = readJwt(accessToken).claims;
  return { username, sub };
};

/** The answer, once the store is there again. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (ConnectError.from(error).code !== Code.Unavailable) throw error;
      await sleep(50);
    }
  }
  return ask();
}

describe("a guest who signs up", () => {
  it("goes on as a guest until the code has come back", async () => {
    const guest = await newGuest(suite);
    const { userSub, userConfirmed } = await begin("ann", guest.accessToken);
    assert.equal(userSub, guest.sub);
    assert.equal(userConfirmed, false);
    assert.deepEqual(await whoIs(guest.refreshToken), {
      username: guest.username,
      sub: guest.sub,
    });
    await refuses(signIn(suite, "ann"), "UserNotConfirmedException");
  });
  it("is then the new account, with the same sub and sign-in", async () => {
    const guest = await newGuest(suite);
    await begin("bob", guest.accessToken);
    await confirm("bob");
    const next = readJwt((await refresh(suite, guest.refreshToken)).idToken);
    assert.equal(next.claims["sub"], guest.sub);
    assert.equal(next.claims["cognito:username"], "bob");
    assert.equal(next.claims["email"], "bob@example.test");
    assert.equal(next.claims["email_verified"], true);
    assert.equal(
      next.claims["origin_jti"],
      readJwt(guest.accessToken).claims["origin_jti"],
    );
    const elsewhere = await signIn(suite, "bob");
    assert.equal(readJwt(elsewhere.accessToken).claims["sub"], guest.sub);
  });
  it("has access tokens that go on", async () => {
    const guest = await newGuest(suite);
    await begin("carol", guest.accessToken);
    await confirm("carol");
    const { username, userAttributes } = await pool.getUser(guest);
    assert.equal(username, "carol");
    assert.ok(userAttributes.some(({ value }) => value === guest.sub));
  });
  it("is never lost between the two", async () => {
    const guest = await newGuest(suite);
    await begin("dora", guest.accessToken);
    const seen: unknown[] = [];
    let confirmed = false;
    const watching = (async () => {
      while (!confirmed) seen.push((await whoIs(guest.refreshToken)).sub);
    })();
    await confirm("dora");
    confirmed = true;
    await watching;
    assert.ok(seen.length > 0);
    assert.ok(seen.every((sub) => sub === guest.sub));
  });
  it("is not lost when the store is killed meanwhile", async () => {
    const guest = await newGuest(suite);
    await begin("rosa", guest.accessToken);
    const code = await mailedCode(suite, "rosa@example.test");
    const confirming = Promise.allSettled([
      pool.confirmSignUp({
        clientId,
        username: "rosa",
        confirmationCode: code,
      }),
    ]);
    await suite.kill("kv");
    await confirming;
    await suite.start("kv");
    const before = await eventually(() => whoIs(guest.refreshToken));
    assert.equal(before.sub, guest.sub);
    if (before.username !== "rosa") await confirm("rosa");
    assert.deepEqual(await whoIs(guest.refreshToken), {
      username: "rosa",
      sub: guest.sub,
    });
  });
  it("can't do so twice, by its old token or a new one", async () => {
    const guest = await newGuest(suite);
    await begin("erin", guest.accessToken);
    await confirm("erin");
    const { accessToken } = await refresh(suite, guest.refreshToken);
    for (const token of [guest.accessToken, accessToken])
      await refuses(
        begin("erin2", token),
        "InvalidParameterException",
        /not a guest's/,
      );
  });
});

describe("what a guest has not confirmed", () => {
  it("can be begun anew after a mistake in the address", async () => {
    const guest = await newGuest(suite);
    await begin("finn", guest.accessToken, "fin@example.test");
    const lost = await mailedCode(suite, "fin@example.test");
    await begin("finn", guest.accessToken);
    const code = await mailedCode(suite, "finn@example.test");
    if (lost !== code)
      await refuses(
        pool.confirmSignUp({
          clientId,
          username: "finn",
          confirmationCode: lost,
        }),
        "CodeMismatchException",
      );
    await confirm("finn");
    const { username } = await whoIs(guest.refreshToken);
    assert.equal(username, "finn");
  });
  it("can be left for another name; the first confirmed counts", async () => {
    const guest = await newGuest(suite);
    await begin("gina", guest.accessToken);
    await begin("gina2", guest.accessToken);
    await confirm("gina2");
    await refuses(confirm("gina"), "NotAuthorizedException", /guest/);
    await refuses(signIn(suite, "gina"), "UserNotConfirmedException");
    assert.deepEqual(await whoIs(guest.refreshToken), {
      username: "gina2",
      sub: guest.sub,
    });
  });
  it("is confirmed under one name when two are at once", async () => {
    const guest = await newGuest(suite);
    const names = ["hugo", "hugo2"];
    for (const name of names) await begin(name, guest.accessToken);
    const answers = await Promise.allSettled(
      names.map((name) => confirm(name)),
    );
    const good = names.filter((_, i) => answers[i]?.status === "fulfilled");
    assert.equal(good.length, 1);
    assert.equal((await whoIs(guest.refreshToken)).username, good[0]);
  });
  it("keeps the name from others", async () => {
    const guest = await newGuest(suite);
    await begin("ida", guest.accessToken);
    const other = await newGuest(suite);
    for (const token of [undefined, other.accessToken])
      await refuses(begin("ida", token), "UsernameExistsException");
  });
  it("does not replace an account", async () => {
    await signUp(suite, "jack");
    const guest = await newGuest(suite);
    await refuses(begin("jack", guest.accessToken), "UsernameExistsException");
    const { username } = await whoIs(guest.refreshToken);
    assert.equal(username, guest.username);
  });
  it("is nobody's once the guest is deleted", async () => {
    const guest = await newGuest(suite);
    await begin("kate", guest.accessToken);
    await pool.deleteUser(guest);
    await refuses(confirm("kate"), "NotAuthorizedException", /guest/);
  });
});

describe("what was signed out", () => {
  it("stays so when the guest signs up", async () => {
    const guest = await newGuest(suite);
    await begin("lena", guest.accessToken);
    await pool.globalSignOut(guest);
    await confirm("lena");
    await refuses(
      refresh(suite, guest.refreshToken),
      "NotAuthorizedException",
      /^Refresh Token has been revoked$/,
    );
    await refuses(pool.getUser(guest), "NotAuthorizedException", /revoked/);
    const { accessToken } = await signIn(suite, "lena");
    assert.equal(readJwt(accessToken).claims["sub"], guest.sub);
  });
  it("is all of the account's, by a token of the guest's, too", async () => {
    const guest = await newGuest(suite);
    await begin("mia", guest.accessToken);
    await confirm("mia");
    const elsewhere = await signIn(suite, "mia");
    await pool.globalSignOut(guest);
    for (const { refreshToken } of [guest, elsewhere])
      await refuses(refresh(suite, refreshToken), "NotAuthorizedException");
  });
  it("is the guest's sign-in alone by its refresh token", async () => {
    const guest = await newGuest(suite);
    await begin("nora", guest.accessToken);
    await confirm("nora");
    const elsewhere = await signIn(suite, "nora");
    await pool.revokeToken({ clientId, token: guest.refreshToken });
    await refuses(refresh(suite, guest.refreshToken), "NotAuthorizedException");
    await refresh(suite, elsewhere.refreshToken);
  });
});

describe("DeleteUser of one who was a guest", () => {
  it("leaves nothing under either name", async () => {
    const guest = await newGuest(suite);
    await begin("otto", guest.accessToken);
    await confirm("otto");
    await pool.deleteUser(guest);
    for (const name of ["otto", guest.username])
      assert.deepEqual(await rowsOf(suite, "parlor.users", `user#${name}`), []);
    await refuses(refresh(suite, guest.refreshToken), "NotAuthorizedException");
    const other = await newUser(suite, "otto");
    assert.notEqual(other.sub, guest.sub);
  });
});

describe("SignUp with a token that is not good", async () => {
  const guest = await newGuest(suite);
  const stranger = await newGuest(foreign);
  const gone = await newGuest(suite);
  await pool.globalSignOut(gone);
  const bad: [string, string][] = [
    ...(await forgeries(suite.issuer, guest.accessToken, guest.idToken)),
    ["another pool's", stranger.accessToken],
    ["an expired one", await signedAgain(suite, guest.accessToken, { exp: 1 })],
    ["one that was signed out", gone.accessToken],
    [
      "one without the pool's scope",
      await signedAgain(suite, guest.accessToken, { scope: "openid" }),
    ],
  ];

  for (const [name, token] of bad)
    it(`refuses ${name}`, async () => {
      const got = await refusal(begin("quinn", token));
      assert.equal(got.exception, exceptionOf(token), got.message);
    });
  it("refuses an empty one", async () => {
    await refuses(
      begin("quinn", ""),
      "InvalidParameterException",
      /'accessToken'/,
    );
  });
  it("refuses one whose account is another's by now", async () => {
    const token = await signedAgain(suite, guest.accessToken, {
      sub: stranger.sub,
    });
    await refuses(begin("quinn", token), "UserNotFoundException");
  });
  it("refuses a full account's", async () => {
    const { accessToken } = await newUser(suite, "paul");
    await refuses(
      begin("quinn", accessToken),
      "InvalidParameterException",
      /not a guest's/,
    );
  });
  it("made no account", async () => {
    assert.deepEqual(await rowsOf(suite, "parlor.users", "user#quinn"), []);
  });
});
