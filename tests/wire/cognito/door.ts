// The AWS door of the pool: an unmodified SDK without keys, and the bytes.
import {
  ConfirmSignUpCommand,
  DeleteUserCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  NotAuthorizedException,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cognito, startCognito, throwsName } from "../../harness/cognito.ts";
import { mailedCode, password } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();

const signIn = (Username: string, secret = password, by = client) =>
  by.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: secret },
    }),
  );

async function ask(
  target: string,
  body: string,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(suite.url.auth, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      ...headers,
    },
    body,
  });
  return {
    status: answer.status,
    headers: answer.headers,
    json: (await answer.json()) as Record<string, unknown>,
  };
}
const service = "AWSCognitoIdentityProviderService";

describe("AWS's SDK", () => {
  it("signs up, confirms, signs in, refreshes and signs out", async () => {
    const Username = "ada";
    const made = await client.send(
      new SignUpCommand({
        ClientId,
        Username,
        Password: password,
        UserAttributes: [{ Name: "email", Value: "ada@example.test" }],
      }),
    );
    assert.equal(made.UserConfirmed, false);
    assert.deepEqual(made.CodeDeliveryDetails, {
      AttributeName: "email",
      DeliveryMedium: "EMAIL",
      Destination: "a***@e***",
    });
    await client.send(
      new ResendConfirmationCodeCommand({ ClientId, Username }),
    );
    await client.send(
      new ConfirmSignUpCommand({
        ClientId,
        Username,
        ConfirmationCode: await mailedCode(suite, "ada@example.test"),
      }),
    );
    const { AuthenticationResult: first } = await signIn(Username);
    assert.equal(first?.TokenType, "Bearer");
    assert.equal(first.ExpiresIn, 3600);
    const { AuthenticationResult: next } = await client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN: first.RefreshToken ?? "" },
      }),
    );
    const { AccessToken } = next ?? {};
    const who = await client.send(new GetUserCommand({ AccessToken }));
    assert.equal(who.Username, Username);
    assert.equal(
      who.UserAttributes?.find(({ Name }) => Name === "sub")?.Value,
      made.UserSub,
    );
    await client.send(new GlobalSignOutCommand({ AccessToken }));
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "NotAuthorizedException",
      /^Access Token has been revoked$/,
    );
    const again = (await signIn(Username)).AuthenticationResult;
    await client.send(
      new RevokeTokenCommand({ ClientId, Token: again?.RefreshToken }),
    );
    const last = (await signIn(Username)).AuthenticationResult;
    await client.send(
      new DeleteUserCommand({ AccessToken: last?.AccessToken }),
    );
    await throwsName(signIn(Username), "NotAuthorizedException");
  });

  it("knows the exceptions as its own classes", async () => {
    const error = await throwsName(signIn("nobody"), "NotAuthorizedException");
    assert.ok(error instanceof NotAuthorizedException);
    assert.equal(error.$fault, "client");
    assert.equal(error.message, "Incorrect username or password.");
    assert.ok(error.$metadata.requestId);
  });

  it("may sign what needs no signature, by any key", async () => {
    const stranger = cognito(suite, {
      credentials: { accessKeyId: "AKIDNOBODY", secretAccessKey: "x" },
    });
    await throwsName(signIn("nobody", "x", stranger), "NotAuthorizedException");
    const got = await ask(`${service}.InitiateAuth`, "{}", {
      authorization: "AWS4-HMAC-SHA256 nonsense",
    });
    assert.equal(got.json["__type"], "InvalidParameterException");
  });
});

describe("the bytes", () => {
  it("of an error: its bare name, also in a header, and words", async () => {
    const got = await ask(
      `${service}.GetUser`,
      JSON.stringify({ AccessToken: "x" }),
    );
    assert.equal(got.status, 400);
    assert.deepEqual(got.json, {
      __type: "NotAuthorizedException",
      message: "Invalid Access Token",
    });
    assert.equal(got.headers.get("content-type"), "application/x-amz-json-1.1");
    assert.equal(got.headers.get("x-amzn-errortype"), "NotAuthorizedException");
    assert.match(got.headers.get("x-amzn-requestid") ?? "", /^\S{16,}$/);
    assert.equal(got.headers.get("x-amz-crc32"), null);
  });
  for (const [what, target, type, body, exception] of [
    [
      "an unknown operation",
      `${service}.Dance`,
      "1.1",
      "{}",
      "UnknownOperationException",
    ],
    [
      "another service's",
      "DynamoDB_20120810.GetItem",
      "1.1",
      "{}",
      "UnknownOperationException",
    ],
    [
      "JSON 1.0",
      `${service}.GetUser`,
      "1.0",
      "{}",
      "UnknownOperationException",
    ],
    ["no JSON", `${service}.GetUser`, "1.1", "{", "SerializationException"],
    [
      "a number for a text",
      `${service}.GetUser`,
      "1.1",
      `{"AccessToken":1}`,
      "SerializationException",
    ],
    [
      "a missing token",
      `${service}.GetUser`,
      "1.1",
      "{}",
      "InvalidParameterException",
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const got = await ask(target, body, {
        "content-type": `application/x-amz-json-${type}`,
      });
      assert.equal(got.status, 400);
      assert.equal(got.json["__type"], exception);
    });
  it("are let through from a page of the game", async () => {
    const answer = await fetch(suite.url.auth, {
      method: "OPTIONS",
      headers: {
        origin: suite.url.gateway,
        "access-control-request-method": "POST",
        "access-control-request-headers":
          "cache-control,content-type,x-amz-target,x-amz-user-agent",
      },
    });
    assert.equal(answer.status, 204);
    for (const name of ["cache-control", "x-amz-target", "x-amz-user-agent"])
      assert.match(
        answer.headers.get("access-control-allow-headers") ?? "",
        new RegExp(`\\b${name}\\b`),
      );
  });
});
