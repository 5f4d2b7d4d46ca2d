// SignUp and ConfirmSignUp: an account, its mail, its code.
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { refusal, refuses } from "../../harness/refusal.ts";
import { startSuite } from "../../harness/suite.ts";
import { auth, mailedCode, password, signUp } from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const { clientId } = suite;
const pool = auth(suite);

function sign(username: string, more: object = {}) {
  return pool.signUp({
    clientId,
    username,
    password,
    userAttributes: [{ name: "email", value: `${username}@example.test` }],
    ...more,
  });
}

describe("SignUp", () => {
  it("makes an unconfirmed account and says where the code went", async () => {
    const answer = await sign("ada");
    assert.equal(answer.userConfirmed, false);
    assert.match(answer.userSub, /^[0-9a-f-]{36}$/);
    assert.equal(answer.codeDeliveryDetails?.deliveryMedium, "EMAIL");
    assert.equal(answer.codeDeliveryDetails?.attributeName, "email");
    assert.match(answer.codeDeliveryDetails?.destination ?? "", /^a\*+@e\*+/);
  });
  it("mails six digits, in a file that only its owner reads", async () => {
    assert.match(await mailedCode(suite, "ada@example.test"), /^\d{6}$/);
    const folder = join(suite.data, "mail");
    for (const name of await readdir(folder)) {
      assert.equal((await stat(join(folder, name))).mode & 0o077, 0);
      const mail = await readFile(join(folder, name), "utf8");
      assert.match(mail, /^From: .+\r?$/m);
      assert.match(mail, /^To: .+\r?$/m);
      assert.match(mail, /^Date: .+\r?$/m);
      assert.match(mail, /^Subject: .+\r?$/m);
    }
  });
  it("refuses a name that is taken", async () => {
    await refuses(sign("ada"), "UsernameExistsException", /already exists/);
  });
  it("refuses an unknown client", async () => {
    await refuses(
      sign("bob", { clientId: "nobody" }),
      "ResourceNotFoundException",
      /client/,
    );
  });
  for (const [what, bad] of [
    ["too short", "Ab-1"],
    ["without capitals", "correct-horse-7"],
    ["without small letters", "CORRECT-HORSE-7"],
    ["without digits", "Correct-horse-x"],
    ["without symbols", "Correcthorse7"],
  ] as const)
    it(`refuses a password ${what}`, async () => {
      await refuses(sign("bob", { password: bad }), "InvalidPasswordException");
    });
  it("takes a name once, in any case of its letters", async () => {
    await refuses(sign("ADA"), "UsernameExistsException", /already exists/);
  });
  const address = { name: "email", value: "bob@example.test" };
  for (const [what, userAttributes, exception, words] of [
    ["without an address", [], "InvalidParameterException", /email/],
    [
      "with what is no address",
      [{ name: "email", value: "nonsense" }],
      "InvalidParameterException",
      /^Invalid email address format.$/,
    ],
    [
      "with another header in the address",
      [{ name: "email", value: "bob@example.test>\r\nBcc: <b@b" }],
      "InvalidParameterException",
      /^Invalid email address format.$/,
    ],
    [
      "with an attribute that nobody knows",
      [address, { name: "shoe_size", value: "45" }],
      "InvalidParameterException",
      /shoe_size/,
    ],
    [
      "with an attribute that is not the client's to write",
      [address, { name: "email_verified", value: "true" }],
      "NotAuthorizedException",
      /unauthorized attribute/,
    ],
  ] as const)
    it(`refuses one ${what}`, async () => {
      await refuses(sign("bob", { userAttributes }), exception, words);
    });
  it("refuses a name with a blank", async () => {
    await refuses(
      sign("b b", { userAttributes: [address] }),
      "InvalidParameterException",
      /'username'/,
    );
  });
  it("refuses no name and no password", async () => {
    await refuses(sign(""), "InvalidParameterException");
    await refuses(
      sign("bob", { password: "" }),
      "InvalidParameterException",
      /'password'/,
    );
  });
});

describe("ConfirmSignUp", () => {
  const confirm = (username: string, confirmationCode: string) =>
    pool.confirmSignUp({ clientId, username, confirmationCode });

  it("refuses a wrong code, accepts the right one, once", async () => {
    const code = await mailedCode(suite, "ada@example.test");
    const wrong = code === "000000" ? "000001" : "000000";
    await refuses(confirm("ada", wrong), "CodeMismatchException");
    await confirm("ada", code);
    await refuses(confirm("ada", code), "NotAuthorizedException", /CONFIRMED/);
  });
  it("takes five tries side by side, and then no right one either", async () => {
    await sign("eve");
    const code = await mailedCode(suite, "eve@example.test");
    const wrong = code === "000000" ? "000001" : "000000";
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => refusal(confirm("eve", wrong))),
    );
    const compared = answers.filter(
      ({ exception }) => exception === "CodeMismatchException",
    );
    assert.equal(compared.length, 5);
    await refuses(confirm("eve", code), "ExpiredCodeException");
    await pool.resendConfirmationCode({ clientId, username: "eve" });
    let next = code;
    for (let i = 0; i < 100 && next === code; i++)
      next = await mailedCode(suite, "eve@example.test");
    await confirm("EVE", next);
  });
  it("says of nobody what it says of an expired code", async () => {
    await refuses(confirm("nobody", "123456"), "ExpiredCodeException");
  });
});

describe("ResendConfirmationCode", () => {
  const resend = (username: string) =>
    pool.resendConfirmationCode({ clientId, username });

  it("sends another code, which is the one that counts", async () => {
    await sign("carol");
    const first = await mailedCode(suite, "carol@example.test");
    const answer = await resend("carol");
    assert.equal(answer.codeDeliveryDetails?.deliveryMedium, "EMAIL");
    let second = first;
    for (let i = 0; i < 100 && second === first; i++)
      second = await mailedCode(suite, "carol@example.test");
    await pool.confirmSignUp({
      clientId,
      username: "carol",
      confirmationCode: second,
    });
  });
  it("tells nothing of a name without an account", async () => {
    const destinations = await Promise.all(
      ["nobody", "nobody"].map(
        async (name) => (await resend(name)).codeDeliveryDetails?.destination,
      ),
    );
    assert.match(destinations[0] ?? "", /^[a-z]\*{3}@[a-z]\*{3}$/);
    assert.equal(destinations[0], destinations[1]);
  });
  it("refuses who is confirmed", async () => {
    await signUp(suite, "dora");
    await refuses(
      resend("dora"),
      "InvalidParameterException",
      /already confirmed/,
    );
  });
});

describe("without a mail directory", () => {
  it("there is nowhere to send a code", async () => {
    await suite.kill("auth", "SIGTERM");
    await suite.start("auth", { PARLOR_AUTH_MAIL_DIR: "" });
    await refuses(sign("frank"), "CodeDeliveryFailureException");
  });
});
