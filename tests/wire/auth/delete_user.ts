// DeleteUser: the end of an account, of its sign-ins, and of its name.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { rowsOf, signedAgain } from "../../harness/pool.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { startSuite } from "../../harness/suite.ts";
import { exceptionOf, forgeries } from "../../harness/tokens.ts";
import {
  auth,
  newGuest,
  newUser,
  refresh,
  signIn,
} from "../../harness/users.ts";

const [suite, foreign] = await Promise.all([
  startSuite(["kv", "auth"]),
  startSuite(["kv", "auth"]),
]);
after(() => Promise.all([suite.stop(), foreign.stop()]));
const pool = auth(suite);
const deleteUser = (accessToken: string) => pool.deleteUser({ accessToken });

describe("DeleteUser", () => {
  it("ends the account and all of its sign-ins", async () => {
    const first = await newUser(suite, "ann");
    const second = await signIn(suite, "ann");
    await deleteUser(first.accessToken);
    assert.deepEqual(await rowsOf(suite, "parlor.users", "user#ann"), []);
    assert.deepEqual(
      await rowsOf(suite, "parlor.sessions", `user#${first.sub}`),
      [],
    );
    for (const { accessToken, refreshToken } of [first, second]) {
      await refuses(
        pool.getUser({ accessToken }),
        "NotAuthorizedException",
        /^Access Token has been revoked$/,
      );
      await refuses(refresh(suite, refreshToken), "NotAuthorizedException");
    }
    await refuses(
      signIn(suite, "ann"),
      "NotAuthorizedException",
      /^Incorrect username or password.$/,
    );
    await refuses(deleteUser(first.accessToken), "NotAuthorizedException");
  });
  it("leaves none of many sign-ins", async () => {
    const { sub, accessToken } = await newUser(suite, "many");
    await Promise.all(Array.from({ length: 40 }, () => signIn(suite, "many")));
    const sessions = () => rowsOf(suite, "parlor.sessions", `user#${sub}`);
    assert.equal((await sessions()).length, 41);
    await deleteUser(accessToken);
    assert.deepEqual(await sessions(), []);
  });
  it("frees the name for another account, which nothing old enters", async () => {
    const first = await newUser(suite, "bob");
    await deleteUser(first.accessToken);
    const second = await newUser(suite, "bob");
    assert.notEqual(second.sub, first.sub);
    await pool.getUser({ accessToken: second.accessToken });
    await refuses(
      refresh(suite, first.refreshToken),
      "NotAuthorizedException",
      /^Refresh Token has been revoked$/,
    );
    await refuses(deleteUser(first.accessToken), "NotAuthorizedException");
    await pool.getUser({ accessToken: second.accessToken });
  });
  it("ends a guest", async () => {
    const guest = await newGuest(suite);
    await deleteUser(guest.accessToken);
    await refuses(
      refresh(suite, guest.refreshToken),
      "NotAuthorizedException",
      /^Refresh Token has been revoked$/,
    );
  });
  it("is done once by two who ask at the same time", async () => {
    const guest = await newGuest(suite);
    const answers = await Promise.allSettled([
      deleteUser(guest.accessToken),
      deleteUser(guest.accessToken),
    ]);
    assert.ok(answers.some(({ status }) => status === "fulfilled"));
  });
  it("refuses no token at all", async () => {
    await refuses(deleteUser(""), "InvalidParameterException", /'accessToken'/);
  });
});

describe("DeleteUser with a token that is not good", async () => {
  const user = await newUser(suite, "eve");
  const stranger = await newUser(foreign, "eve");
  const bad: [string, string][] = [
    ...(await forgeries(suite.issuer, user.accessToken, user.idToken)),
    ["another pool's", stranger.accessToken],
    ["an expired one", await signedAgain(suite, user.accessToken, { exp: 1 })],
  ];

  for (const [name, token] of bad)
    it(`refuses ${name}`, async () => {
      const got = await refusal(deleteUser(token));
      assert.equal(got.exception, exceptionOf(token), got.message);
    });
  it("leaves the account as it was", async () => {
    await pool.getUser({ accessToken: user.accessToken });
  });
});
