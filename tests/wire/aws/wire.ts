// The bytes of the AWS wire: headers, __type, checksums, signatures.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { crc32, gzipSync } from "node:zlib";
import { ask, makeTable, startAws, type Asking } from "../../harness/aws.ts";

const { suite, client } = await startAws();
const TableName = "things";
before(() => makeTable(client, TableName));

const Key = { pk: { S: "a" }, sk: { N: "1" } };
const framework = "com.amazon.coral.service#";
const model = "com.amazonaws.dynamodb.v20120810#";

describe("an answer", () => {
  for (const [what, message, status] of [
    ["that is good", {}, 200],
    ["that refuses", { Limit: 0 }, 400],
  ] as const)
    it(`${what} has a type, an id and a checksum`, async () => {
      const got = await ask(suite, "ListTables", message);
      assert.equal(got.status, status);
      assert.equal(got.headers["content-type"], "application/x-amz-json-1.0");
      assert.match(String(got.headers["x-amzn-requestid"]), /^\S{16,}$/);
      assert.equal(got.headers["x-amz-crc32"], String(crc32(got.bytes)));
    });

  it("is compressed when asked; the checksum is of what is sent", async () => {
    const text = "again ".repeat(1000);
    await ask(suite, "PutItem", {
      TableName,
      Item: { ...Key, a: { S: text } },
    });
    const got = await ask(
      suite,
      "GetItem",
      { TableName, Key },
      { headers: { "accept-encoding": "gzip" } },
    );
    assert.equal(got.headers["content-encoding"], "gzip");
    assert.equal(got.headers["x-amz-crc32"], String(crc32(got.bytes)));
    assert.deepEqual(got.json, { Item: { ...Key, a: { S: text } } });
  });

  it("to plain JSON is plain JSON", async () => {
    const type = "application/json";
    const got = await ask(
      suite,
      "DescribeTable",
      { TableName },
      { headers: { "content-type": type } },
    );
    assert.equal(got.status, 200, got.bytes.toString());
    assert.equal(got.headers["content-type"], type);
  });

  it("is to a compressed request, too", async () => {
    const got = await ask(
      suite,
      "DescribeTable",
      new Uint8Array(gzipSync(JSON.stringify({ TableName }))),
      { headers: { "content-encoding": "gzip" } },
    );
    assert.equal(got.status, 200, got.bytes.toString());
  });

  it("to a long request that is signed without a hash header", async () => {
    const a = { B: Buffer.alloc(200_000, 7).toString("base64") };
    const got = await ask(
      suite,
      "PutItem",
      { TableName, Item: { ...Key, a } },
      { withoutHash: true },
    );
    assert.deepEqual(got.json, {});
    assert.equal(got.status, 200);
  });
});

describe("numbers and times", () => {
  it("are numbers", async () => {
    const { json } = await ask(suite, "DescribeTable", { TableName });
    const table = json["Table"] as Record<string, unknown>;
    assert.equal(typeof table["CreationDateTime"], "number");
    assert.equal(typeof table["ItemCount"], "number");
  });
});

const later = (minutes: number) => () =>
  new Date(Date.now() + minutes * 60_000);
const mismatch =
  "The request signature we calculated does not match the signature you " +
  "provided. Check your AWS Secret Access Key and signing method. Consult " +
  "the service documentation for details.";

/** What is wrong, how it is asked, __type, the whole of the words. */
const refusals: readonly (readonly [
  string,
  Asking & { operation?: string; message?: string | object },
  string,
  string | RegExp | undefined,
])[] = [
  [
    "no signature",
    { forge: (headers) => headers.delete("authorization") },
    `${framework}MissingAuthenticationTokenException`,
    "Request is missing Authentication Token",
  ],
  [
    "another scheme",
    { forge: (headers) => headers.set("authorization", "Basic YTpi") },
    `${framework}MissingAuthenticationTokenException`,
    "Request is missing Authentication Token",
  ],
  [
    "a signature in the header and one in the query",
    { query: "?X-Amz-Algorithm=AWS4-HMAC-SHA256" },
    `${framework}InvalidSignatureException`,
    "Found both 'X-Amz-Algorithm' as a query-string param and " +
      "'Authorization' as HTTP header.",
  ],
  [
    "a signature in the query without all of its parts",
    {
      query: "?X-Amz-Algorithm=a&X-Amz-Signature=b&X-Amz-Date=c",
      forge: (headers) => headers.delete("authorization"),
    },
    `${framework}IncompleteSignatureException`,
    "AWS query-string parameters must include 'X-Amz-Credential'. AWS " +
      "query-string parameters must include 'X-Amz-SignedHeaders'. " +
      "Re-examine the query-string parameters.",
  ],
  [
    "a signature of another algorithm",
    {
      forge: (headers) =>
        headers.set(
          "authorization",
          (headers.get("authorization") ?? "").replace("256", "512"),
        ),
    },
    `${framework}IncompleteSignatureException`,
    "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512' (only AWS4-HMAC-SHA256 " +
      "for now). ",
  ],
  [
    "a part of a signature without its value",
    {
      forge: (headers) =>
        headers.set("authorization", "AWS4-HMAC-SHA256 Credential"),
    },
    `${framework}IncompleteSignatureException`,
    "'Credential' not a valid key=value pair (missing equal-sign) in " +
      "Authorization header: 'AWS4-HMAC-SHA256 Credential'.",
  ],
  [
    "a signature without its parts",
    { forge: (headers) => headers.set("authorization", "AWS4-HMAC-SHA256 ") },
    `${framework}IncompleteSignatureException`,
    "Authorization header requires 'Credential' parameter. Authorization " +
      "header requires 'Signature' parameter. Authorization header requires " +
      "'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256",
  ],
  [
    "an unknown key",
    { key: { accessKeyId: "AKIDNOBODY", secretAccessKey: "x" } },
    `${framework}UnrecognizedClientException`,
    "The security token included in the request is invalid.",
  ],
  [
    "a wrong secret",
    { key: { ...suite.admin, secretAccessKey: "x" } },
    `${framework}InvalidSignatureException`,
    mismatch,
  ],
  [
    "a wrong secret, without the hash in a header",
    { key: { ...suite.admin, secretAccessKey: "x" }, withoutHash: true },
    `${framework}InvalidSignatureException`,
    mismatch,
  ],
  [
    "an expired signature",
    { now: later(-16) },
    `${framework}InvalidSignatureException`,
    /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
  ],
  [
    "a signature of the future",
    { now: later(16) },
    `${framework}InvalidSignatureException`,
    /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)$/,
  ],
  [
    "another region",
    { region: "mars-1" },
    `${framework}InvalidSignatureException`,
    /^Credential should be scoped to a valid region, not 'mars-1'\. $/,
  ],
  [
    "another service",
    { service: "s3" },
    `${framework}InvalidSignatureException`,
    "Credential should be scoped to correct service: 'dynamodb'. ",
  ],
  [
    "a header changed after signing",
    {
      forge: (headers) =>
        headers.set("x-amz-target", "DynamoDB_20120810.DeleteTable"),
    },
    `${framework}InvalidSignatureException`,
    mismatch,
  ],
  [
    "an unknown operation",
    { operation: "Nonsense" },
    `${framework}UnknownOperationException`,
    undefined,
  ],
  [
    "an operation of the other door",
    { operation: "PutUsage" },
    `${framework}UnknownOperationException`,
    undefined,
  ],
  [
    "another content type",
    { headers: { "content-type": "text/json" } },
    `${framework}UnknownOperationException`,
    undefined,
  ],
  [
    "a text that is no JSON",
    { message: "{" },
    `${framework}SerializationException`,
    /./,
  ],
  [
    "no text at all",
    { message: "" },
    `${framework}SerializationException`,
    /./,
  ],
  [
    "a value of another type",
    { message: { TableName: 5 } },
    `${framework}SerializationException`,
    "NUMBER_VALUE cannot be converted to String",
  ],
  [
    "an invalid value",
    { operation: "ListTables", message: { Limit: 101 } },
    "com.amazon.coral.validate#ValidationException",
    /^1 validation error detected: /,
  ],
  [
    "a value of two types",
    {
      operation: "PutItem",
      message: { TableName, Item: { ...Key, a: { S: "1", N: "1" } } },
    },
    "com.amazon.coral.validate#ValidationException",
    "Supplied AttributeValue has more than one datatypes set, must contain " +
      "exactly one of the supported datatypes",
  ],
  [
    "a missing table",
    { message: { TableName: "not-here" } },
    `${model}ResourceNotFoundException`,
    "Requested resource not found: Table: not-here not found",
  ],
  [
    "a condition",
    {
      operation: "UpdateItem",
      message: {
        TableName,
        Key: { ...Key, sk: { N: "-1" } },
        ConditionExpression: "attribute_exists(pk)",
      },
    },
    `${model}ConditionalCheckFailedException`,
    "The conditional request failed",
  ],
];

describe("refused is", () => {
  for (const [what, how, type, words] of refusals)
    it(what, async () => {
      const { operation = "DescribeTable", message, ...asking } = how;
      const got = await ask(suite, operation, message ?? { TableName }, asking);
      assert.equal(got.json["__type"], type, got.bytes.toString());
      assert.equal(got.status, 400);
      const said = got.json["message"] ?? got.json["Message"];
      if (words instanceof RegExp) assert.match(String(said), words);
      else assert.equal(said, words);
    });
});

it("members that are not known are passed over", async () => {
  const got = await ask(suite, "DescribeTable", { TableName, Tomorrow: [{}] });
  assert.equal(got.status, 200);
});
