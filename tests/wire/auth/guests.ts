// GUEST_AUTH: an account at once, with a name of the pool's and no password.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { rowsOf, setAll } from "../../harness/pool.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { client, startSuite } from "../../harness/suite.ts";
import { readJwt } from "../../harness/tokens.ts";
import {
  auth,
  newGuest,
  password,
  refresh,
  type User,
} from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const { clientId } = suite;
const pool = auth(suite);
const day = 24 * 60 * 60;

describe("GUEST_AUTH", () => {
  it("makes a new account each time, and signs it in", async () => {
    const guests = [await newGuest(suite), await newGuest(suite)];
    for (const { username, sub, accessToken, idToken } of guests) {
      assert.match(username, /^guest-[a-z2-9]{10}$/);
      const user = await pool.getUser({ accessToken });
      assert.equal(user.username, username);
      const { claims } = readJwt(idToken);
      assert.equal(claims["sub"], sub);
      assert.equal(claims["cognito:username"], username);
      assert.equal(claims["email"], undefined);
      assert.ok(!("email_verified" in claims));
    }
    assert.notEqual(guests[0]?.sub, guests[1]?.sub);
    assert.notEqual(guests[0]?.username, guests[1]?.username);
  });
  it("gives tokens that the store takes", async () => {
    const { accessToken } = await newGuest(suite);
    const { code } = await refusal(
      client(KeyValue, suite.url.kv, accessToken).getItem({
        tableName: "parlor.users",
        key: {},
      }),
    );
    assert.notEqual(code, Code.Unauthenticated);
  });
  it("can be refreshed", async () => {
    const guest = await newGuest(suite);
    const next = await refresh(suite, guest.refreshToken);
    assert.equal(readJwt(next.accessToken).claims["sub"], guest.sub);
    assert.equal(readJwt(next.accessToken).claims["username"], guest.username);
  });
  it("refuses an unknown client", async () => {
    await refuses(
      pool.initiateAuth({ clientId: "nobody", authFlow: "GUEST_AUTH" }),
      "ResourceNotFoundException",
      /client/,
    );
  });
});

describe("an address", () => {
  it("makes so many guests in an hour, and is told when to come again", async () => {
    await suite.kill("auth");
    await suite.start("auth", { PARLOR_AUTH_GUESTS_PER_ADDRESS: "3" });
    const guest = await newGuest(suite);
    await newGuest(suite);
    await newGuest(suite);
    const { code, error } = await refuses(
      newGuest(suite),
      "TooManyRequestsException",
      /^Too many guests from this address: 3 an hour$/,
    );
    assert.equal(code, Code.ResourceExhausted);
    const wait = Number(error.metadata.get("retry-after"));
    assert.ok(wait > 1190 && wait <= 1200, `${wait}`);
    await refresh(suite, guest.refreshToken); // which is no new one
    await suite.kill("auth");
    await suite.start("auth");
  });
});

describe("a guest", () => {
  it("has no password that could be right", async () => {
    const { username } = await newGuest(suite);
    for (const PASSWORD of ["", password])
      await refuses(
        pool.initiateAuth({
          clientId,
          authFlow: "USER_PASSWORD_AUTH",
          authParameters: { USERNAME: username, PASSWORD },
        }),
        "NotAuthorizedException",
        /^Incorrect username or password.$/,
      );
  });
  it("has no code to be sent or to be tried", async () => {
    const { username } = await newGuest(suite);
    await refuses(
      pool.resendConfirmationCode({ clientId, username }),
      "InvalidParameterException",
    );
    await refuses(
      pool.confirmSignUp({ clientId, username, confirmationCode: "123456" }),
      "NotAuthorizedException",
    );
  });
  it("has a name that nobody signs up by", async () => {
    for (const username of ["guest-of-honour", "GUEST-1"])
      await refuses(
        pool.signUp({
          clientId,
          username,
          password,
          userAttributes: [{ name: "email", value: "a@example.test" }],
        }),
        "InvalidParameterException",
        /'guest-'/,
      );
  });
  it("signs out as anybody else", async () => {
    const guest = await newGuest(suite);
    await pool.globalSignOut({ accessToken: guest.accessToken });
    await refuses(
      refresh(suite, guest.refreshToken),
      "NotAuthorizedException",
      /^Refresh Token has been revoked$/,
    );
  });
});

describe("a guest's end", () => {
  const items = async ({ username, sub }: User) => [
    ...(await rowsOf(suite, "parlor.users", `user#${username}`)),
    ...(await rowsOf(suite, "parlor.sessions", `user#${sub}`)),
  ];
  /** In days from now: the account's, and its sign-in's. */
  const ends = async (guest: User) =>
    (await items(guest)).map(({ expires_at }) =>
      Math.round((Number(expires_at) - Date.now() / 1000) / day),
    );
  const setEnds = async ({ username, sub }: User, days: number) => {
    const end = Math.floor(Date.now() / 1000) + days * day;
    await setAll(suite, "parlor.users", `user#${username}`, "expires_at", end);
    await setAll(suite, "parlor.sessions", `user#${sub}`, "expires_at", end);
  };

  it("comes after thirty days without a visit", async () => {
    assert.deepEqual(await ends(await newGuest(suite)), [30, 30]);
  });
  it("moves on with a visit", async () => {
    const guest = await newGuest(suite);
    await setEnds(guest, 3);
    await refresh(suite, guest.refreshToken);
    assert.deepEqual(await ends(guest), [30, 30]);
  });
  it("is not written again for a visit on the same day", async () => {
    const guest = await newGuest(suite);
    const before = await items(guest);
    await refresh(suite, guest.refreshToken);
    assert.deepEqual(await items(guest), before);
  });
  it("is the end of the sign-in", async () => {
    const guest = await newGuest(suite);
    await setEnds(guest, -1);
    await refuses(
      refresh(suite, guest.refreshToken),
      "NotAuthorizedException",
      /^Refresh Token has expired$/,
    );
  });
});
