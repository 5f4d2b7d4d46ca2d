// The store as AWS's SDKs have it: a client with nothing but an endpoint.
import {
  CreateTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import {
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { after } from "node:test";
import { gunzipSync } from "node:zlib";
import { sign, type Signing } from "./sigv4.ts";
import { startSuite, type Suite } from "./suite.ts";

/** A client of `endpoint` with the suite's administrator's key. */
export function sdk(suite: Suite, more: DynamoDBClientConfig = {}) {
  const client = new DynamoDBClient({
    endpoint: suite.url.kv,
    region: suite.region,
    credentials: suite.admin,
    ...more,
  });
  after(() => client.destroy());
  return client;
}

/** The suite's store alone, and a client of it. */
export async function startAws() {
  const suite = await startSuite(["kv"]);
  after(() => suite.stop());
  return { suite, client: sdk(suite) };
}

/** A table with a partition key pk and a sort key sk. */
export async function makeTable(client: DynamoDBClient, TableName: string) {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
}

/** Must fail with an exception of this class, and words that match. */
export async function throwsClass<E extends DynamoDBServiceException>(
  call: Promise<unknown>,
  exception: new (...args: never[]) => E,
  words: RegExp = /./,
): Promise<E> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof exception, String(error));
    assert.match(error.message, words);
    assert.equal(error.$fault, "client");
    assert.ok(error.$metadata.requestId);
    return error;
  }
  return assert.fail("it was not refused");
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body, without its compression, as JSON. */
  readonly json: Record<string, unknown>;
}

/** Sends it as it is; fetch would undo the answer's compression. */
export async function send(
  url: URL,
  method: string,
  headers: Headers,
  body: Uint8Array,
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers: Object.fromEntries(headers) }, resolve)
      .on("error", reject)
      .end(body);
  });
  const bytes = Buffer.concat((await response.toArray()) as Buffer[]);
  const plain =
    response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    json: JSON.parse(plain.toString()) as Record<string, unknown>,
  };
}

export interface Asking extends Partial<Signing> {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  /** Changes what has been signed. */
  readonly forge?: (headers: Headers) => void;
}

/** Asks without an SDK; a message that is no object goes as it is. */
export async function ask(
  suite: Suite,
  operation: string,
  message: string | Uint8Array<ArrayBuffer> | object,
  { method = "POST", query = "", headers = {}, forge, ...how }: Asking = {},
): Promise<Answer> {
  const asIs = typeof message === "string" || message instanceof Uint8Array;
  const signed = await sign(
    { key: suite.admin, region: suite.region, ...how },
    new Request(`${suite.url.kv}/${query}`, {
      method,
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        ...headers,
      },
      body: asIs ? message : JSON.stringify(message),
    }),
  );
  forge?.(signed.headers);
  return send(signed.url, method, signed.headers, signed.body);
}
