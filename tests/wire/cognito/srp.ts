// USER_SRP_AUTH as amazon-cognito-identity-js does it, unmodified; and what a
// stranger learns by it.
import {
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { refusal } from "../../harness/refusal.ts";
import { readJwt } from "../../harness/tokens.ts";
import { auth, password, signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
const Pool = new CognitoUserPool({
  UserPoolId: suite.userPoolId,
  ClientId,
  endpoint: suite.url.auth,
});

function bySrp(
  Username: string,
  Password = password,
): Promise<CognitoUserSession> {
  return new Promise((onSuccess, onFailure) => {
    new CognitoUser({ Username, Pool }).authenticateUser(
      new AuthenticationDetails({ Username, Password }),
      { onSuccess, onFailure },
    );
  });
}

const begin = (Username: string, SRP_A = "abcdef") =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_SRP_AUTH",
      AuthParameters: { USERNAME: Username, SRP_A },
    }),
  );

const sub = await signUp(suite, "ada");

describe("USER_SRP_AUTH by amazon-cognito-identity-js", () => {
  it("signs in, each time", async () => {
    for (let i = 0; i < 16; i++) {
      const session = await bySrp("ada");
      assert.equal(
        readJwt(session.getAccessToken().getJwtToken()).claims["sub"],
        sub,
      );
    }
  });
  it("in any case of the name", async () => {
    await bySrp("ADA");
  });
  it("refreshes, and gets the user", async () => {
    const session = await bySrp("ada");
    const user = new CognitoUser({ Username: "ada", Pool });
    user.setSignInUserSession(session);
    const again = await new Promise<CognitoUserSession>((resolve, reject) => {
      user.refreshSession(
        session.getRefreshToken(),
        (error: Error | null, next: CognitoUserSession) =>
          error ? reject(error) : resolve(next),
      );
    });
    assert.ok(again.isValid());
    const attributes = await new Promise((resolve, reject) => {
      user.getUserAttributes((error, rows) =>
        error ? reject(error) : resolve(rows),
      );
    });
    assert.ok(Array.isArray(attributes));
  });
  it("refuses a wrong password and nobody in the same words", async () => {
    for (const name of ["ada", "nobody"])
      await assert.rejects(bySrp(name, "Wrong-horse-7"), {
        code: "NotAuthorizedException",
        message: "Incorrect username or password.",
      });
  });
});

describe("the challenge", () => {
  it("tells nobody from somebody", async () => {
    const [ada, nobody, again] = await Promise.all(
      ["ada", "nobody", "NoBody"].map((name) => begin(name)),
    );
    const shape = (answer = ada) => [
      answer?.ChallengeName,
      ...Object.entries(answer?.ChallengeParameters ?? {})
        .sort()
        .map(([name, value]) =>
          name.startsWith("USER")
            ? name
            : // a number is sometimes a digit or two shorter
              `${name} ${Math.ceil(value.length / 16)}`,
        ),
    ];
    assert.equal(ada?.ChallengeName, "PASSWORD_VERIFIER");
    assert.deepEqual(shape(nobody), shape());
    assert.equal(
      nobody?.ChallengeParameters?.["SALT"],
      again?.ChallengeParameters?.["SALT"],
    );
    assert.equal(ada.ChallengeParameters?.["USER_ID_FOR_SRP"], "ada");
  });
  it("keeps its salt when the name is taken", async () => {
    const before = await begin("eve");
    await signUp(suite, "eve");
    assert.equal(
      (await begin("eve")).ChallengeParameters?.["SALT"],
      before.ChallengeParameters?.["SALT"],
    );
  });
  const prime =
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74" +
    "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437" +
    "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05" +
    "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb" +
    "9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b" +
    "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718" +
    "3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33" +
    "a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7" +
    "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864" +
    "d87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e2" +
    "08e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff";
  for (const [what, A] of [
    ["nothing", ""],
    ["zero", "0000"],
    ["the prime", prime],
    ["no number", "xyz"],
    ["a number that is too long", "1".repeat(769)],
  ] as const)
    it(`refuses ${what} as SRP_A`, async () => {
      await throwsName(begin("ada", A), "InvalidParameterException", /SRP_A/);
    });

  const answer = (more: Record<string, string>) =>
    client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "PASSWORD_VERIFIER",
        ChallengeResponses: {
          USERNAME: "ada",
          PASSWORD_CLAIM_SECRET_BLOCK: "AAAA",
          PASSWORD_CLAIM_SIGNATURE: "AAAA",
          TIMESTAMP: "Thu Nov 26 09:05:07 UTC 2026",
          ...more,
        },
      }),
    );
  it("takes no block that is not its own", async () => {
    await throwsName(answer({}), "NotAuthorizedException");
    const { ChallengeParameters } = await begin("ada");
    const block = ChallengeParameters?.["SECRET_BLOCK"] ?? "";
    const at = block.length >> 1;
    await throwsName(
      answer({
        PASSWORD_CLAIM_SECRET_BLOCK:
          block.slice(0, at) +
          (block[at] === "A" ? "B" : "A") +
          block.slice(at + 1),
      }),
      "NotAuthorizedException",
      /^Invalid session for the user.$/,
    );
    await throwsName(
      answer({ PASSWORD_CLAIM_SECRET_BLOCK: block }),
      "NotAuthorizedException",
      /^Incorrect username or password.$/,
    );
  });
});

describe("an answer that is heard", () => {
  it("is good once", async () => {
    const heard: string[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = (url, how) => {
      if (typeof how?.body === "string") heard.push(how.body);
      return real(url, how);
    };
    const session = await bySrp("ada").finally(() => {
      globalThis.fetch = real;
    });
    const body = heard.at(-1) ?? "";
    assert.match(body, /PASSWORD_CLAIM_SIGNATURE/);
    const repeat = async () => {
      const got = await fetch(suite.url.auth, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target":
            "AWSCognitoIdentityProviderService.RespondToAuthChallenge",
        },
        body,
      });
      return (await got.json()) as { __type?: string; message?: string };
    };
    const once = {
      __type: "NotAuthorizedException",
      message: "Invalid session for the user, session can only be used once.",
    };
    assert.deepEqual(await repeat(), once);
    await auth(suite).revokeToken({
      clientId: ClientId,
      token: session.getRefreshToken().getToken(),
    });
    assert.deepEqual(await repeat(), once);
  });
});

describe("the verifier", () => {
  it("is kept only while the flow is allowed", async () => {
    await suite.kill("auth");
    await suite.start("auth", { PARLOR_AUTH_USER_SRP_AUTH: "false" });
    await throwsName(begin("ada"), "InvalidParameterException", /not enabled/);
    await signIn(suite, "ada");
    await suite.kill("auth");
    await suite.start("auth");
    await assert.rejects(bySrp("ada"), { code: "NotAuthorizedException" });
    await signIn(suite, "ada");
    await bySrp("ada");
  });
});

describe("lockout", { skip: cannotWait }, () => {
  const tries = async (name: string, Password: string) =>
    (
      await refusal(
        auth(suite).initiateAuth({
          clientId: ClientId,
          authFlow: "USER_PASSWORD_AUTH",
          authParameters: { USERNAME: name, PASSWORD: Password },
        }),
      )
    ).message;
  const wrong = "Incorrect username or password.";
  const shut = "Password attempts exceeded";
  const names = ["zoe", "nobody-else"];
  // what is shut for a second must be so for as long as it is tried
  const slowly = (by: string) => later(`${by} x0.01`);

  it("shuts a name out after five failures, account or not", async () => {
    await signUp(suite, "zoe");
    await suite.kill("auth");
    await suite.start("auth", slowly("+0s"));
    for (const name of names) {
      for (let i = 0; i < 5; i++)
        assert.equal(await tries(name, "Wrong-horse-7"), wrong);
      assert.equal(await tries(name, password), shut);
      assert.equal(await tries(name.toUpperCase(), "Wrong-horse-7"), shut);
    }
  });
  it("counts one more a while later, of SRP too, and doubles", async () => {
    await suite.kill("auth");
    await suite.start("auth", slowly("+5s"));
    for (const name of names)
      for (let i = 6; i < 8; i++)
        await assert.rejects(bySrp(name, "Wrong-horse-7"), {
          message: i === 6 ? wrong : shut,
        });
  });
  it("lets in after a quarter of an hour, and forgets", async () => {
    for (const name of ["auth", "kv"] as const) await suite.kill(name);
    for (const name of ["kv", "auth"] as const)
      await suite.start(name, slowly("+20m"));
    for (let i = 0; i < 4; i++)
      assert.equal(await tries("zoe", "Wrong-horse-7"), wrong);
    await signIn(suite, "zoe");
    for (let i = 0; i < 5; i++)
      assert.equal(await tries("zoe", "Wrong-horse-7"), wrong);
    assert.equal(await tries("zoe", password), shut);
  });
});
