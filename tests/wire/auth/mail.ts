// Letters by a mail server: their form, their safety, and the queue.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import { UserPool } from "../../gen/parlor/auth/v1/user_pool_pb.js";
import { cannotWait, later } from "../../harness/later.ts";
import { rowsOf } from "../../harness/pool.ts";
import { buildDir, start } from "../../harness/process.ts";
import { refuses } from "../../harness/refusal.ts";
import {
  certificateFor,
  startMailServer,
  type MailServer,
  type MailServerOptions,
} from "../../harness/smtp.ts";
import { client, startSuite, type Suite } from "../../harness/suite.ts";
import { auth, password } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const folder = await mkdtemp(join(tmpdir(), "parlor-mail-"));
const certificate = await certificateFor("localhost", folder);
const foreign = await certificateFor("mail.example.test", folder);
after(() => rm(folder, { recursive: true }));

/** Each test has its own, and so a queue without others' letters. */
let suite: Suite;
let servers: MailServer[] = [];
beforeEach(async () => {
  suite = await startSuite(["kv"]);
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
  await suite.stop();
});

async function serve(options: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

/** parlor-auth with that server, and no folder. */
const by = (url: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PARLOR_AUTH_MAIL_DIR: "",
  PARLOR_AUTH_SMTP: url,
  PARLOR_AUTH_SMTP_AUTHORITIES: certificate.file,
  PARLOR_AUTH_SMTP_USER: "parlor",
  PARLOR_AUTH_SMTP_PASSWORD: "s3cret",
  PARLOR_AUTH_MAIL_FROM: "games@example.test",
  PARLOR_AUTH_MAIL_FROM_NAME: "Spiele & Söhne",
  ...more,
});

const encrypted: MailServerOptions = {
  mode: "starttls",
  certificate,
  user: "parlor",
  password: "s3cret",
};

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = await startMailServer({ mode: "plain" });
  await server.stop();
  return server.port;
}

const email = (name: string) => `${name}@example.test`;

const sign = (name: string, attributes: Record<string, string> = {}) =>
  auth(suite).signUp({
    clientId: suite.clientId,
    username: name,
    password,
    userAttributes: Object.entries({ email: email(name), ...attributes }).map(
      ([key, value]) => ({ name: key, value }),
    ),
  });

const waiting = (secondsLater = 0) =>
  rowsOf(suite, "parlor.mail", "waiting", secondsLater);

/** Store and pool, after all that time. */
async function startLater(seconds: number, url: string): Promise<void> {
  const time = later(`+${seconds}s`);
  for (const name of ["auth", "kv"] as const) await suite.kill(name);
  await suite.start("kv", time);
  await suite.start("auth", { ...by(url), ...time });
}

/** Until so many letters wait. */
const leaves = (count: number, secondsLater = 0) =>
  until(
    `${count} letters wait`,
    async () => (await waiting(secondsLater)).length === count,
  );

const emptied = (secondsLater = 0) => leaves(0, secondsLater);

function logged(words: RegExp): Promise<string> {
  const log = () => suite.programs.get("auth")?.log() ?? "";

  return until(
    () => `${words} in: ${log()}`,
    () => words.test(log()) && log(),
  );
}

/** The code in a message's text and in its HTML. */
const codes = (data: string) => data.match(/\b\d{6}\b/g) ?? [];

describe("a letter by SMTP", () => {
  for (const [mode, scheme] of [
    ["starttls", "smtp"],
    ["tls", "smtps"],
  ] as const)
    it(`goes by ${mode}, authenticated, and confirms an account`, async () => {
      const server = await serve({ ...encrypted, mode });
      await suite.start("auth", by(`${scheme}://localhost:${server.port}`));
      await sign(`ann-${mode}`);
      const message = await server.messageTo(email(`ann-${mode}`));
      assert.deepEqual(
        [message.tls, message.authenticated, message.from],
        [true, true, "games@example.test"],
      );
      const [code, again, ...more] = codes(message.data);
      assert.equal(code, again, "text and HTML say the same");
      assert.deepEqual(more, []);
      await auth(suite).confirmSignUp({
        clientId: suite.clientId,
        username: `ann-${mode}`,
        confirmationCode: code ?? "",
      });
      await emptied();
    });

  it("is written in the user's language, text beside HTML", async () => {
    const server = await serve(encrypted);
    await suite.start("auth", by(`smtp://localhost:${server.port}`));
    await sign("berta", { locale: "de-AT" });
    const { data } = await server.messageTo(email("berta"));
    assert.match(data, /^Content-Type: multipart\/alternative; boundary=/m);
    assert.match(data, /Ihr Best=C3=A4tigungscode ist \d{6}/);
    assert.match(data, /<html lang=3D"de">/);
    assert.match(data, /^From: =\?UTF-8\?B\?\S+\?= <games@example.test>\r?$/m);
    const subject = /^Subject: =\?UTF-8\?B\?(\S+)\?=/m.exec(data)?.[1] ?? "";
    assert.equal(
      Buffer.from(subject, "base64").toString(),
      "Ihr Bestätigungscode",
    );
  });

  for (const [why, options, url, words] of [
    [
      "a certificate for another name",
      { ...encrypted, certificate: foreign },
      (port: number) => `smtp://localhost:${port}`,
      /certificate/i,
    ],
    [
      "a server without STARTTLS",
      { mode: "plain" },
      (port: number) => `smtp://localhost:${port}`,
      /STARTTLS/i,
    ],
    [
      "a server that does not take the password",
      { ...encrypted, password: "another" },
      (port: number) => `smtp://localhost:${port}`,
      /535/,
    ],
  ] as const)
    it(`does not go to ${why}`, async () => {
      const server = await serve(options);
      await suite.start("auth", by(url(server.port)));
      const name = `carl${server.port}`;
      await sign(name);
      const log = await logged(/the mail server takes nothing/);
      assert.match(log, words);
      assert.doesNotMatch(log, /s3cret|carl/);
      assert.equal(server.received.length, 0);
      assert.equal((await waiting()).length, 1);
    });

  it("goes in clear to this machine alone, where that is wanted", async () => {
    const server = await serve({ mode: "plain" });
    await suite.start(
      "auth",
      by(`smtp://127.0.0.1:${server.port}`, {
        PARLOR_AUTH_SMTP_TLS: "false",
        PARLOR_AUTH_SMTP_USER: "",
      }),
    );
    await sign("dora");
    assert.equal((await server.messageTo(email("dora"))).tls, false);
  });
});

describe("the queue", () => {
  it("keeps letters sealed while the server is away, over a kill", async () => {
    const port = await closedPort();
    await suite.start("auth", by(`smtp://localhost:${port}`));
    await sign("emil");
    await logged(/the mail server takes nothing/);
    const rows = await waiting();
    assert.equal(rows.length, 1);
    const bytes = Buffer.from(JSON.stringify(rows)).toString();
    assert.doesNotMatch(bytes, /emil|example/);
    await suite.kill("auth");
    const server = await serve({ ...encrypted, port });
    await suite.start("auth", by(`smtp://localhost:${port}`));
    await server.messageTo(email("emil"));
    await emptied();
  });

  it("goes on when the server comes back, without a restart", async () => {
    const port = await closedPort();
    await suite.start("auth", by(`smtp://localhost:${port}`));
    await sign("fritz");
    await logged(/the mail server takes nothing/);
    const server = await serve({ ...encrypted, port });
    await server.messageTo(email("fritz"));
    await logged(/the mail server takes letters again/);
    await emptied();
  });

  it(
    "tries again later what is put off, and others meanwhile",
    { skip: cannotWait },
    async () => {
      const server = await serve(encrypted);
      const url = `smtp://localhost:${server.port}`;
      await suite.start("auth", by(url));
      await sign("busy-gerda");
      await logged(/is sent later.*451 4.3.0 come again/);
      await sign("hans");
      await server.messageTo(email("hans"));
      await leaves(1);
      await startLater(120, url);
      await server.messageTo(email("busy-gerda"));
      await emptied(120);
    },
  );

  it("gives up at once what is refused for good", async () => {
    const server = await serve(encrypted);
    await suite.start("auth", by(`smtp://localhost:${server.port}`));
    await sign("never-ida");
    const log = await logged(/was refused/);
    assert.match(log, /550 5.1.1 nobody of that name/);
    await emptied();
  });

  it("gives up after a day", { skip: cannotWait }, async () => {
    const url = `smtp://localhost:${await closedPort()}`;
    await suite.start("auth", by(url));
    await sign("jan");
    await logged(/the mail server takes nothing/);
    await startLater(25 * 3600, url);
    await logged(/was given_up/);
    await emptied(25 * 3600);
  });

  it("is bounded, and says so", async () => {
    const url = `smtp://localhost:${await closedPort()}`;
    await suite.start("auth", by(url, { PARLOR_AUTH_MAIL_QUEUE: "1" }));
    await sign("karl");
    await refuses(sign("lena"), "CodeDeliveryFailureException");
    assert.equal((await waiting()).length, 1);
  });

  it("costs the same for a name that nobody has", async () => {
    const server = await serve(encrypted);
    await suite.start("auth", by(`smtp://localhost:${server.port}`));
    await auth(suite).forgotPassword({
      clientId: suite.clientId,
      username: "nobody-of-that-name",
    });
    assert.equal((await rowsOf(suite, "parlor.mail", "nobody")).length, 1);
    assert.equal((await waiting()).length, 0);
  });

  it("is shared by replicas, and nothing is sent twice", async () => {
    const server = await serve(encrypted);
    const env = by(`smtp://localhost:${server.port}`);
    const port = Number(new URL(suite.url.auth).port) + 100;
    await suite.start("auth", env);
    const second = start(
      join(buildDir, "parlor-auth"),
      [
        ...["--data", suite.data],
        ...["--listen", `127.0.0.1:${port}`],
        ...["--admin-listen", `127.0.0.1:${port + 10}`],
      ],
      env,
    );
    const there = client(UserPool, `http://127.0.0.1:${port}`);
    const names = Array.from({ length: 12 }, (_, i) => `mia-${i}`);
    try {
      await Promise.all(names.map((name) => sign(name)));
      // each asks for another letter, half of them there
      await Promise.all(
        names.map((username, i) =>
          untilAnswered(() =>
            (i % 2 ? there : auth(suite)).resendConfirmationCode({
              clientId: suite.clientId,
              username,
            }),
          ),
        ),
      );
      await emptied();
    } finally {
      await second.end();
    }
    const to = server.received.flatMap((message) => message.to).sort();
    assert.deepEqual(to, [...names, ...names].map(email).sort());
  });
});

/** A daemon that was just started may not listen yet. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await ask();
    } catch (error) {
      if (
        tries === 250 ||
        !(error instanceof Error && "code" in error) ||
        error.code !== Code.Unavailable
      )
        throw error;
      await sleep(20);
    }
}
