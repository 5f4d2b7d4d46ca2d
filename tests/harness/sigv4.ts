// Signing requests with an access key, as AWS's SDKs do (Signature Version 4).
import { createHash, createHmac } from "node:crypto";

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const sha256 = (data: Uint8Array | string) =>
  createHash("sha256").update(data).digest("hex");
const hmac = (key: Uint8Array | string, data: string) =>
  createHmac("sha256", key).update(data).digest();

export interface Signing {
  readonly key: AccessKey;
  readonly region: string;
  readonly service?: string;
  readonly now?: () => Date;
  /** Without x-amz-content-sha256 the body's hash is signed all the same. */
  readonly withoutHash?: boolean;
}

export interface Signed {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The request with its signature. */
export async function sign(how: Signing, request: Request): Promise<Signed> {
  const { key, region, service = "dynamodb", now = () => new Date() } = how;
  const body = new Uint8Array(await request.arrayBuffer());
  const url = new URL(request.url);
  const date = now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers = new Headers(request.headers);
  headers.set("x-amz-date", date);
  if (!how.withoutHash) headers.set("x-amz-content-sha256", sha256(body));
  const signed: Record<string, string> = {
    host: url.host,
    ...Object.fromEntries(headers),
  };
  const names = Object.keys(signed)
    .filter((name) => /^(host|content-type|x-amz-.*)$/.test(name))
    .sort();
  const canonical = [
    request.method,
    url.pathname,
    [...url.searchParams]
      .map((pair) => pair.map(encodeURIComponent).join("="))
      .sort()
      .join("&"),
    ...names.map((name) => `${name}:${signed[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const signingKey = scope
    .split("/")
    .reduce<Uint8Array | string>(hmac, `AWS4${key.secretAccessKey}`);
  const signature = createHmac("sha256", signingKey).update(text).digest("hex");
  headers.set(
    "authorization",
    `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names.join(";")}, Signature=${signature}`,
  );
  return { url, method: request.method, headers, body };
}

/** A fetch that signs what it sends. */
export function signingFetch(
  key: AccessKey,
  region: string,
  service = "dynamodb",
  now: () => Date = () => new Date(),
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { url, method, headers, body } = await sign(
      { key, region, service, now },
      request,
    );
    return fetch(url, {
      method,
      headers,
      body: method === "GET" ? null : body,
      signal: request.signal,
    });
  };
}
