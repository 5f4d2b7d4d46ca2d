// What is secret is in no place of the daemon's memory when it is over.
import {
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { sanitized } from "../../harness/process.ts";
import { auth, mailedCode } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();

/** A password that is nowhere else. */
const fresh = () => `Aa1!${randomBytes(15).toString("base64url")}`;

/** How often the bytes stand in what the process can write to. */
async function count(pid: number, text: string): Promise<number> {
  const maps = await readFile(`/proc/${pid}/maps`, "utf8");
  const memory = await open(`/proc/${pid}/mem`);
  let found = 0;
  try {
    for (const line of maps.split("\n")) {
      const [, from = "", to = ""] =
        /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (!from) continue;
      const size = parseInt(to, 16) - parseInt(from, 16);
      const bytes = Buffer.alloc(size);
      const read = await memory
        .read(bytes, 0, size, parseInt(from, 16))
        .catch(() => undefined);
      if (!read) continue;
      for (let at = bytes.indexOf(text); at >= 0; found++)
        at = bytes.indexOf(text, at + 1);
    }
  } finally {
    await memory.close();
  }
  return found;
}

async function isGone(...secrets: string[]) {
  const pid = suite.programs.get("auth")?.child.pid ?? 0;
  for (const secret of secrets) assert.equal(await count(pid, secret), 0);
}

const enter = (PASSWORD: string, USERNAME = "ada") =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

// a sanitizer keeps freed memory, and its shadow is too large to be read
describe("memory", { skip: sanitized }, () => {
  const first = fresh();
  it("is searched for true", async () => {
    const pid = suite.programs.get("auth")?.child.pid ?? 0;
    assert.ok((await count(pid, suite.userPoolId)) > 0);
  });
  it("has no password that an account was made with", async () => {
    await client.send(
      new SignUpCommand({
        ClientId,
        Username: "ada",
        Password: first,
        UserAttributes: [{ Name: "email", Value: "ada@example.test" }],
      }),
    );
    await auth(suite).confirmSignUp({
      clientId: ClientId,
      username: "ada",
      confirmationCode: await mailedCode(suite, "ada@example.test"),
    });
    await isGone(first);
  });
  it("nor one that was right, wrong, or in a body of another form", async () => {
    const wrong = fresh();
    const packed = fresh();
    const chunked = fresh();
    await enter(first);
    await throwsName(enter(wrong), "NotAuthorizedException");
    await throwsName(enter(wrong, "nobody"), "NotAuthorizedException");
    const message = (PASSWORD: string) =>
      JSON.stringify({
        clientId: ClientId,
        authFlow: "USER_PASSWORD_AUTH",
        authParameters: { USERNAME: "ada", PASSWORD, MORE: "x".repeat(9000) },
      });
    const post = (
      body: Uint8Array<ArrayBuffer> | ReadableStream,
      headers: Record<string, string> = {},
    ) =>
      fetch(`${suite.url.auth}/parlor.auth.v1.UserPool/InitiateAuth`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
        duplex: "half",
      } as RequestInit).then((answer) => answer.arrayBuffer());
    await post(new Uint8Array(gzipSync(message(packed))), {
      "content-encoding": "gzip",
    });
    await post(
      new ReadableStream({
        start(stream) {
          const text = message(chunked);
          stream.enqueue(new TextEncoder().encode(text.slice(0, 90)));
          stream.enqueue(new TextEncoder().encode(text.slice(90)));
          stream.close();
        },
      }),
    );
    await isGone(first, wrong, packed, chunked);
  });
  it("nor a new one", async () => {
    const second = fresh();
    const third = fresh();
    const { AuthenticationResult } = await enter(first);
    await client.send(
      new ChangePasswordCommand({
        AccessToken: AuthenticationResult?.AccessToken,
        PreviousPassword: first,
        ProposedPassword: second,
      }),
    );
    await client.send(new ForgotPasswordCommand({ ClientId, Username: "ada" }));
    await client.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username: "ada",
        ConfirmationCode: await mailedCode(suite, "ada@example.test"),
        Password: third,
      }),
    );
    await enter(third);
    await isGone(first, second, third);
  });
});
