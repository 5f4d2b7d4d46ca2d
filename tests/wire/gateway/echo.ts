// The unmodified npm clients through the gateway, streams among them.
import { Code, ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, describe, it } from "node:test";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExceptionSchema } from "../../gen/parlor/options/v1/options_pb.js";
import { echoClients, startEcho, type EchoClient } from "../../harness/echo.ts";
import { buildDir, memoryOf, sanitized } from "../../harness/process.ts";
import { startSuite } from "../../harness/suite.ts";

const echo = await startEcho();
const suite = await startSuite(["kv", "auth", "gateway"], {
  PARLOR_GATEWAY_TARGETS: `{echo: {address: "${new URL(echo.baseUrl).host}"}}`,
  PARLOR_GATEWAY_SERVICES:
    "{parlor.test.v1.Echo: {target: echo, authorizer: none}}",
  PARLOR_GATEWAY_ROUTES:
    '{"GET /say/{sentence}": {method: parlor.test.v1.Echo/Say, ' +
    "target: echo, authorizer: none}}",
  PARLOR_GATEWAY_DESCRIPTORS: `["${join(buildDir, "gen-tests/tests.pb")}"]`,
});
after(async () => {
  try {
    await suite.stop();
  } finally {
    await echo.program.end();
  }
});

async function failure(answer: Promise<unknown>): Promise<ConnectError> {
  try {
    await answer;
  } catch (error) {
    return ConnectError.from(error);
  }
  return assert.fail("no error came");
}

async function count(
  client: EchoClient,
  request: Parameters<EchoClient["count"]>[0],
): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of client.count(request)) numbers.push(number);
  return numbers;
}

for (const [name, client] of echoClients(suite.url.gateway))
  describe(name, () => {
    it("says what it was told, also 50 KB of it", async () => {
      const sentence = "word ".repeat(10_000);
      assert.equal((await client.say({ sentence: "hi" })).sentence, "hi");
      assert.equal((await client.change({ sentence })).sentence, sentence);
    });
    it("reads an error as the service sent it", async () => {
      const error = await failure(client.fail({ condition: true }));
      assert.equal(error.code, Code.FailedPrecondition);
      assert.deepEqual(
        error.findDetails(ExceptionSchema).map((e) => e.name),
        ["ConditionalCheckFailedException"],
      );
      const hint = await failure(
        client.fail({ code: "unavailable", retryAfterMs: 1500 }),
      );
      assert.equal(hint.metadata.get("retry-after"), "2");
    });
    it("passes its deadline on, or the gateway's", async () => {
      const asked = await client.sleep({}, { timeoutMs: 5_000 });
      assert.ok(asked.remainingMs > 3_000 && asked.remainingMs <= 5_000);
      const own = await client.sleep({});
      assert.ok(own.remainingMs > 20_000 && own.remainingMs <= 29_000);
    });
    it("fails at its deadline", async () => {
      const error = await failure(
        client.sleep({ milliseconds: 5_000 }, { timeoutMs: 50 }),
      );
      assert.equal(error.code, Code.DeadlineExceeded);
    });
    it("receives a stream, each message as it comes", async () => {
      assert.deepEqual(
        await count(client, { messages: 3, intervalMs: 5 }),
        [1, 2, 3],
      );
    });
    it("receives more than all buffers hold", async () => {
      const numbers = await count(client, { messages: 100, size: 100_000 });
      assert.equal(numbers.length, 100);
    });
    it("hears of a failure behind the messages", async () => {
      const error = await failure(
        count(client, { messages: 2, fail: "aborted" }),
      );
      assert.equal(error.code, Code.Aborted);
    });
    it("leaves a stream in its middle", async () => {
      for await (const { number } of client.count({
        messages: 1e6,
        size: 1000,
      }))
        if (number === 10) break;
      assert.equal((await client.say({ sentence: "here" })).sentence, "here");
    });
  });

describe("REST by descriptors of its own", () => {
  it("says what the path says", async () => {
    const answer = await fetch(`${suite.url.gateway}/say/a%20b%2Fc`);
    assert.deepEqual(await answer.json(), { sentence: "a b/c" });
  });
});

/** Counts until an error ends it. */
async function countOn(
  client: EchoClient,
  request: Parameters<EchoClient["count"]>[0],
  each: (number: number) => void,
): Promise<{ numbers: number[]; error: ConnectError }> {
  const numbers: number[] = [];
  const error = await failure(
    (async () => {
      for await (const { number } of client.count(request)) {
        numbers.push(number);
        each(number);
      }
    })(),
  );
  return { numbers, error };
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

describe("a stream without an end", () => {
  it("costs little where nobody reads it", { skip: sanitized }, async () => {
    const { hostname, port } = new URL(suite.url.gateway);
    const body = JSON.stringify({ messages: 1_000_000, size: 100_000 });
    const programs = [suite.programs.get("gateway"), echo.program];
    const before = await Promise.all(programs.map(memoryOf));
    const socket = connect({ host: hostname, port: Number(port) });
    socket.pause();
    socket.write(
      `POST /parlor.test.v1.Echo/Count HTTP/1.1\r\nHost: a\r\n` +
        `Content-Type: application/connect+json\r\n` +
        `Content-Length: ${5 + body.length}\r\n\r\n`,
    );
    socket.write(Buffer.from([0, 0, 0, 0, body.length]));
    socket.write(body);
    for (let i = 0; i < 10; i++) {
      await sleep(50);
      const now = await Promise.all(programs.map(memoryOf));
      for (const [k, bytes] of now.entries())
        assert.ok(bytes - (before[k] ?? 0) < 8_000_000, `${bytes} bytes`);
    }
    socket.destroy();
  });
  for (const [name, client] of echoClients(suite.url.gateway))
    it(`ends between two messages when the gateway stops: ${name}`, async () => {
      let stopped: Promise<void> | undefined;
      const { numbers, error } = await countOn(
        client,
        { messages: 1_000_000, size: 10_000 },
        (number) => {
          if (number === 20) stopped = suite.kill("gateway", "SIGTERM");
        },
      );
      assert.equal(error.code, Code.Unavailable, error.message);
      assert.match(error.message, /the gateway stops/);
      assert.deepEqual(numbers, upTo(numbers.length));
      await stopped;
      await suite.start("gateway");
    });
  it("breaks off in words when the service dies", async () => {
    const [[, client] = []] = echoClients(suite.url.gateway);
    assert.ok(client);
    const { numbers, error } = await countOn(
      client,
      { messages: 1_000_000, intervalMs: 5 },
      (number) => {
        if (number === 5) echo.program.child.kill("SIGKILL");
      },
    );
    assert.equal(error.code, Code.Unavailable, error.message);
    assert.deepEqual(numbers, upTo(numbers.length));
    const away = await failure(count(client, { messages: 1 }));
    assert.equal(away.code, Code.Unavailable);
    assert.match(away.message, /the service is away/);
  });
});
