// The unmodified npm clients against our server, each in each of its forms.
import { create, toJson } from "@bufbuild/protobuf";
import { anyPack, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  Colour,
  EverythingSchema,
  SayRequestSchema,
} from "../../gen/parlor/test/v1/echo_pb.js";
import { ExceptionSchema } from "../../gen/parlor/options/v1/options_pb.js";
import {
  echoClients,
  registry,
  startEcho,
  type EchoClient,
} from "../../harness/echo.ts";

const echo = await startEcho();
after(() => echo.program.end());

async function failure(answer: Promise<unknown>): Promise<ConnectError> {
  try {
    await answer;
  } catch (error) {
    return ConnectError.from(error);
  }
  return assert.fail("no error came");
}

const everything = create(EverythingSchema, {
  aDouble: 0.1,
  aFloat: 1.5,
  anInt64: -9223372036854775808n,
  aUint64: 18446744073709551615n,
  anInt32: -1,
  aFixed64: 7n,
  aFixed32: 4294967295,
  aBool: true,
  aString: 'é € 😀 "\\\n\u0000',
  someBytes: Uint8Array.from({ length: 256 }, (_, i) => i),
  aUint32: 4294967295,
  aColour: Colour.YELLOW,
  anSfixed32: -5,
  anSfixed64: -6n,
  anSint32: -2147483648,
  anSint64: 9223372036854775807n,
  nested: { nested: { aString: "deep" } },
  numbers: [1, -2, 3],
  strings: ["", "a"],
  children: [{}, { aBool: true }],
  colours: [Colour.RED, Colour.NEGATIVE],
  unpacked: [4, 5],
  texts: { a: "b", "": "" },
  byInt32: { "-1": { aBool: true } },
  byInt64: { "9007199254740993": "x" },
  byBool: { true: "t", false: "f" },
  toColour: { c: Colour.RED },
  byFixed64: { "8": new Uint8Array([1]) },
  choice: { case: "chosenNumber", value: 0 },
  aTime: timestampFromMs(1764099798123),
  aDuration: { seconds: -1n, nanos: -500000000 },
  aMask: { paths: ["a_string", "nested.a_bool"] },
  aStruct: { list: [1, "x", null, true, { a: -1.5 }] },
  aValue: { kind: { case: "nullValue", value: 0 } },
  aList: { values: [{ kind: { case: "numberValue", value: 2 } }] },
  anAny: anyPack(
    SayRequestSchema,
    create(SayRequestSchema, { sentence: "inside" }),
  ),
  anEmpty: {},
  wrappedDouble: Number.NaN,
  wrappedInt64: 5n,
  wrappedString: "",
  wrappedBytes: new Uint8Array([1, 2]),
  renamed: "r",
});

function unary(client: EchoClient) {
  it("says what it was told", async () => {
    assert.equal((await client.say({ sentence: "hi" })).sentence, "hi");
  });
  it("says a long sentence", async () => {
    const sentence = "word ".repeat(10_000);
    assert.equal((await client.change({ sentence })).sentence, sentence);
  });
  it("says nothing", async () => {
    assert.equal((await client.say({})).sentence, "");
    await client.nothing({});
  });
  it("reflects every type", async () => {
    const answer = await client.reflect(everything);
    assert.deepEqual(
      toJson(EverythingSchema, answer, { registry }),
      toJson(EverythingSchema, everything, { registry }),
    );
  });
}

function errors(client: EchoClient) {
  const codes = Object.entries(Code).filter(
    (row): row is [string, Code] => typeof row[1] === "number",
  );
  for (const [name, code] of codes)
    it(`hears of ${name}`, async () => {
      const snake = name.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase();
      const error = await failure(
        client.fail({ code: snake, message: `it is ${name}, é` }),
      );
      assert.equal(error.code, code);
      assert.equal(error.rawMessage, `it is ${name}, é`);
    });
  it("reads the details, AWS's name first", async () => {
    const error = await failure(
      client.fail({ condition: true, detail: { sentence: "why" } }),
    );
    assert.equal(error.code, Code.FailedPrecondition);
    assert.deepEqual(
      error.findDetails(ExceptionSchema).map((e) => e.name),
      ["ConditionalCheckFailedException"],
    );
    assert.equal(error.findDetails(SayRequestSchema)[0]?.sentence, "why");
  });
  it("reads a retry hint", async () => {
    const error = await failure(
      client.fail({ code: "unavailable", retryAfterMs: 1500 }),
    );
    assert.equal(error.metadata.get("retry-after"), "2");
  });
  it("is told that it needs a token", async () => {
    const error = await failure(client.whoAmI({}));
    assert.equal(error.code, Code.Unauthenticated);
  });
}

function deadlines(client: EchoClient) {
  it("passes its deadline on", async () => {
    const { remainingMs } = await client.sleep({}, { timeoutMs: 30_000 });
    assert.ok(remainingMs > 20_000 && remainingMs <= 30_000);
  });
  it("has none without one", async () => {
    assert.equal((await client.sleep({})).remainingMs, -1);
  });
  it("fails at its deadline", async () => {
    const error = await failure(
      client.sleep({ milliseconds: 5_000 }, { timeoutMs: 50 }),
    );
    assert.equal(error.code, Code.DeadlineExceeded);
  });
}

function streams(client: EchoClient) {
  async function count(request: Parameters<EchoClient["count"]>[0]) {
    const numbers: number[] = [];
    for await (const { number } of client.count(request)) numbers.push(number);
    return numbers;
  }
  it("receives a stream", async () => {
    assert.deepEqual(await count({ messages: 3 }), [1, 2, 3]);
  });
  it("receives an empty stream", async () => {
    assert.deepEqual(await count({}), []);
  });
  it("receives one message at a time", async () => {
    assert.deepEqual(await count({ messages: 3, intervalMs: 5 }), [1, 2, 3]);
  });
  it("receives more than a buffer holds", async () => {
    const numbers = await count({ messages: 50, size: 100_000 });
    assert.equal(numbers.length, 50);
  });
  it("hears of a failure behind the messages", async () => {
    const seen: number[] = [];
    const error = await failure(
      (async () => {
        for await (const { number } of client.count({
          messages: 2,
          fail: "aborted",
        }))
          seen.push(number);
      })(),
    );
    assert.equal(error.code, Code.Aborted);
    assert.deepEqual(seen, [1, 2]);
  });
  it("leaves a stream in its middle", async () => {
    for await (const { number } of client.count({ messages: 1e6, size: 1000 }))
      if (number === 10) break;
    assert.equal(
      (await client.say({ sentence: "still here" })).sentence,
      "still here",
    );
  });
}

for (const [name, client] of echoClients(echo.baseUrl))
  describe(name, () => {
    unary(client);
    errors(client);
    deadlines(client);
    streams(client);
  });
