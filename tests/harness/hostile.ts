// What strangers send, and that a listener outlives it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "node:test";
import { bodyOf, exchange, post, statusOf, type How } from "./raw.ts";

interface Row extends How {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** Statuses that are a right answer; 0 is none at all. */
  readonly statuses: readonly number[];
  /** Must the other end have closed? */
  readonly closes?: boolean;
}

const JSON_TYPE = "application/json";
const PROTO_TYPE = "application/proto";

function nested(depth: number, open: string, close: string): string {
  return open.repeat(depth) + close.repeat(depth);
}

/** A message in a message in a message: field 1 each time. */
function nestedProto(depth: number): Buffer {
  let inner = Buffer.alloc(0);
  for (let i = 0; i < depth && inner.length < 60_000; i++) {
    const size: number[] = [];
    let left = inner.length;
    do size.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    while ((left >>= 7));
    inner = Buffer.concat([Buffer.from([0x0a, ...size]), inner]);
  }
  return inner;
}

function rows(path: string): Row[] {
  const refused = [400, 401, 403, 404, 413, 415];
  const request = post(path, JSON_TYPE, "{}");
  return [
    {
      name: "nothing, half-closed",
      bytes: "",
      halfClose: true,
      statuses: [0],
      closes: true,
    },
    {
      name: "a blank line",
      bytes: "\r\n",
      halfClose: true,
      statuses: [0, 400],
      closes: true,
    },
    ...[1, 4, 20, 60, request.length - 1].map((size) => ({
      name: `a request cut after ${size} bytes, half-closed`,
      bytes: request.subarray(0, size),
      halfClose: true,
      statuses: [0, ...refused],
      closes: true,
    })),
    {
      name: "a whole request, half-closed",
      bytes: request,
      halfClose: true,
      statuses: [200, 501, ...refused],
      closes: true,
    },
    {
      name: "random bytes",
      bytes: randomBytes(4096),
      statuses: [0, 400, 414],
      closes: true,
    },
    {
      name: "random bytes as a message",
      bytes: post(path, PROTO_TYPE, randomBytes(4096)),
      statuses: refused,
    },
    {
      name: "random bytes as JSON",
      bytes: post(path, JSON_TYPE, randomBytes(4096)),
      statuses: refused,
    },
    {
      name: "random bytes as gzip",
      bytes: post(
        path,
        JSON_TYPE,
        randomBytes(4096),
        "Content-Encoding: gzip\r\n",
      ),
      statuses: refused,
    },
    {
      name: "TLS",
      bytes: Buffer.from("1603010200010001fc0303", "hex"),
      halfClose: true,
      statuses: [0, 400],
      closes: true,
    },
    {
      name: "HTTP/2",
      bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      statuses: [400, 501, 505],
      closes: true,
    },
    {
      name: "a line of 100,000 letters",
      bytes: `GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      statuses: [414],
      closes: true,
    },
    {
      name: "a header of 100,000 letters",
      bytes: `GET / HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(100_000)}\r\n\r\n`,
      statuses: [431],
      closes: true,
    },
    {
      name: "a thousand headers",
      bytes: `GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(1000)}\r\n`,
      statuses: [431],
      closes: true,
    },
    {
      name: "a length of 10 GB",
      bytes: `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 10737418240\r\n\r\n`,
      statuses: refused,
      closes: true,
    },
    {
      name: "two lengths",
      bytes: `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      statuses: [400],
      closes: true,
    },
    {
      name: "a length and chunks",
      bytes: `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      statuses: [400],
      closes: true,
    },
    {
      name: "a body of 10 MB",
      bytes: post(path, JSON_TYPE, Buffer.alloc(10 << 20, " ")),
      statuses: [0, ...refused],
    },
    {
      name: "JSON nested 10,000 deep",
      bytes: post(path, JSON_TYPE, nested(10_000, '{"a":', "}")),
      statuses: refused,
    },
    {
      name: "arrays nested 10,000 deep",
      bytes: post(path, JSON_TYPE, nested(10_000, "[", "]")),
      statuses: refused,
    },
    {
      name: "messages nested 10,000 deep",
      bytes: post(path, PROTO_TYPE, nestedProto(10_000)),
      statuses: refused,
    },
    ...[1, 2, 3, 5].map((field) => ({
      name: `60 KB of empty messages in field ${field}`,
      bytes: post(
        path,
        PROTO_TYPE,
        Buffer.alloc(60_000, Buffer.from([(field << 3) | 2, 0])),
      ),
      statuses: [200, 501, ...refused],
    })),
    {
      name: "1 MB of empty messages",
      bytes: post(
        path,
        PROTO_TYPE,
        Buffer.alloc(1 << 20, Buffer.from([0x0a, 0])),
      ),
      statuses: [0, 200, ...refused],
    },
    {
      name: "a length past the end of a message",
      bytes: post(path, PROTO_TYPE, Buffer.from("0affffffff0f", "hex")),
      statuses: refused,
    },
  ];
}

/** What a listener waits for as long as it ever does: its header's deadline. */
const slow = (path: string): Row => ({
  name: "one byte a second",
  bytes: post(path, JSON_TYPE, "{}"),
  bytePause: 1000,
  timeout: 20_000,
  statuses: [0, 408],
  closes: true,
});

/** Does its header never become whole? Then nobody knows whose path it is. */
const cut = (row: Row) => row.halfClose ?? row.bytePause !== undefined;

export interface Listener {
  url(): string;
  /** A Connect method that anybody or any player may call. */
  readonly path: string;
  isAlive(): boolean;
}

/** Sends the row to the listener, which must answer as ever behind it. */
async function survives({ url, path, isAlive }: Listener, row: Row) {
  const got = await exchange(url(), row.bytes, row);
  const status = statusOf(got);
  assert.ok(
    row.statuses.includes(status),
    `got ${status}: ${got.answer.subarray(0, 300).toString("latin1")}`,
  );
  if (row.closes) assert.ok(got.closed, "the connection stayed open");
  if (status >= 400 && row.bytes.includes(path) && !cut(row))
    assert.match(bodyOf(got), /"code":"[a-z_]+"/);
  assert.ok(isAlive(), "the daemon has ended");
  const again = await exchange(url(), post("/nothing", JSON_TYPE, "{}"));
  assert.ok(statusOf(again) >= 400, "no answer behind it");
}

/** The tests of what a listener refuses, or takes, at once. */
export function outlives(listener: Listener) {
  for (const row of rows(listener.path))
    it(row.name, () => survives(listener, row));
}

/** The test that waits. */
export function outwaits(listener: Listener) {
  const row = slow(listener.path);
  it(row.name, () => survives(listener, row));
}
