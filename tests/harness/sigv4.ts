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

/** A fetch that signs what it sends. */
export function signingFetch(
  key: AccessKey,
  region: string,
  service = "dynamodb",
  now: () => Date = () => new Date(),
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    const url = new URL(request.url);
    const date = now()
      .toISOString()
      .replace(/[-:]|\.\d+/g, "");
    const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
    const headers = new Headers(request.headers);
    headers.set("x-amz-date", date);
    headers.set("x-amz-content-sha256", sha256(body));
    const signed = { host: url.host, ...Object.fromEntries(headers) };
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
      ...names.map(
        (name) => `${name}:${(signed as Record<string, string>)[name]}`,
      ),
      "",
      names.join(";"),
      sha256(body),
    ].join("\n");
    const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join(
      "\n",
    );
    const signingKey = scope
      .split("/")
      .reduce<Uint8Array | string>(hmac, `AWS4${key.secretAccessKey}`);
    const signature = createHmac("sha256", signingKey)
      .update(text)
      .digest("hex");
    headers.set(
      "authorization",
      `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, ` +
        `SignedHeaders=${names.join(";")}, Signature=${signature}`,
    );
    return fetch(url, {
      method: request.method,
      headers,
      body: request.method === "GET" ? null : body,
      signal: request.signal,
    });
  };
}
