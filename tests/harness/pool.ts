// What parlor-auth keeps, seen as parlor-auth sees it: with its own key.
import type { Client } from "@connectrpc/connect";
import {
  createDecipheriv,
  createPrivateKey,
  type KeyObject,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { KeyValue } from "../gen/parlor/kv/v1/kv_pb.js";
import { item, plain, type Plain } from "./items.ts";
import { client, type DaemonName, type Suite } from "./suite.ts";
import { readJwt, signEs256, signRs256 } from "./tokens.ts";

type Row = Readonly<Record<string, Plain>>;

/** Asks as that daemon, by its own key, for a minute; for who has moved the
 * other's time, too. */
export async function asService(
  suite: Suite,
  name: DaemonName,
  aud: DaemonName,
  secondsLater = 0,
): Promise<typeof fetch> {
  const key = createPrivateKey(
    await readFile(join(suite.data, `keys/${name}.pem`)),
  );
  const now = Math.floor(Date.now() / 1000) + secondsLater;
  const token = signEs256(
    {
      header: { alg: "ES256", kid: name },
      claims: { sub: `service:${name}`, aud, iat: now, exp: now + 60 },
    },
    key,
  );
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("parlor-caller", token);
    return fetch(input, { ...init, headers });
  };
}

/** The store as parlor-auth has it. */
const authKv = async (
  suite: Suite,
  secondsLater = 0,
): Promise<Client<typeof KeyValue>> =>
  client(KeyValue, suite.url.kv, undefined, {
    fetch: await asService(suite, "auth", "kv", secondsLater),
  });

/** The items of a partition, in order. */
export async function rowsOf(
  suite: Suite,
  tableName: string,
  pk: string,
  secondsLater = 0,
): Promise<Row[]> {
  const { items } = await (
    await authKv(suite, secondsLater)
  ).query({
    tableName,
    keyConditionExpression: "pk = :pk",
    expressionAttributeValues: item({ ":pk": pk }),
  });
  return items.map(plain);
}

/** How many items of a table are some pool's that was made. */
export async function countOf(
  suite: Suite,
  tableName: string,
  userPoolId: string,
): Promise<number> {
  const { count } = await (
    await authKv(suite)
  ).scan({
    tableName,
    filterExpression: "begins_with(pk, :pool)",
    expressionAttributeValues: item({ ":pool": `${userPoolId}/` }),
  });
  return count;
}

/** So many clients of the settings' pool, and a change for replicas to see. */
export async function putClients(suite: Suite, count: number): Promise<void> {
  const kv = await authKv(suite);
  const pk = `${suite.userPoolId}/pool`;
  const rows = Array.from({ length: count }, (_, i) => {
    const id = `made${i}`;
    const row = { pk, sk: `client#${id}`, id, pool_id: suite.userPoolId };
    return { putRequest: { item: item(row) } };
  });
  for (let at = 0; at < count; at += 25)
    await kv.batchWriteItem({
      requestItems: {
        "parlor.pools": { requests: rows.slice(at, at + 25) },
      },
    });
  await kv.updateItem({
    tableName: "parlor.pools",
    key: item({ pk: "changes", sk: "changes" }),
    updateExpression: "ADD changes :one",
    expressionAttributeValues: item({ ":one": 1 }),
  });
}

/** Changes one attribute of each item of a partition. */
export async function setAll(
  suite: Suite,
  tableName: string,
  pk: string,
  name: string,
  value: Plain,
): Promise<void> {
  const kv = await authKv(suite);
  for (const { sk = "" } of await rowsOf(suite, tableName, pk))
    await kv.updateItem({
      tableName,
      key: item({ pk, sk }),
      updateExpression: "SET #name = :value",
      expressionAttributeNames: { "#name": name },
      expressionAttributeValues: item({ ":value": value }),
    });
}

/** The pool's private key of that id, out of its seal. */
async function signingKey(suite: Suite, kid: unknown): Promise<KeyObject> {
  const rows = await rowsOf(suite, "parlor.keys", "signing-keys");
  const sealed = rows.find((row) => row["key_id"] === kid)?.["sealed"];
  if (!(sealed instanceof Uint8Array)) throw new Error("no such key");
  const seal = await readFile(join(suite.data, "keys/seal.key"));
  const opening = createDecipheriv("aes-256-gcm", seal, sealed.slice(1, 13));
  opening.setAAD(Buffer.from(`parlor.keys/${String(kid)}`));
  opening.setAuthTag(sealed.slice(-16));
  return createPrivateKey(
    Buffer.concat([opening.update(sealed.slice(13, -16)), opening.final()]),
  );
}

/** The token with other claims, under the pool's true signature. */
export async function signedAgain(
  suite: Suite,
  token: string,
  claims: object,
): Promise<string> {
  const jwt = readJwt(token);
  return signRs256(
    { ...jwt, claims: { ...jwt.claims, ...claims } },
    await signingKey(suite, jwt.header["kid"]),
  );
}

/** Tokens with a claim that must not stand, under the pool's true signature. */
export async function misclaimed(
  suite: Suite,
  token: string,
): Promise<[string, string][]> {
  const now = Math.floor(Date.now() / 1000);
  const rows: [string, object][] = [
    ["another issuer", { iss: "https://elsewhere.example/local_x" }],
    ["our issuer and a slash", { iss: `${suite.issuer}/` }],
    ["our issuer in capitals", { iss: suite.issuer.toUpperCase() }],
    ["no issuer", { iss: undefined }],
    ["an ID token's use", { token_use: "id" }],
    ["no use", { token_use: undefined }],
    ["an end that has passed", { exp: now - 1 }],
    ["no end", { exp: undefined }],
    ["an end in words", { exp: "tomorrow" }],
    ["a beginning in the future", { nbf: now + 3600 }],
    ["nobody's name", { sub: undefined }],
  ];
  return Promise.all(
    rows.map(async ([what, claims]): Promise<[string, string]> => [
      what,
      await signedAgain(suite, token, claims),
    ]),
  );
}
