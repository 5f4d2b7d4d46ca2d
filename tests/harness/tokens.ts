// Tokens as a forger makes them.
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";

export interface Jwt {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

const encode = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

export function readJwt(token: string): Jwt {
  const [header, claims] = token
    .split(".")
    .slice(0, 2)
    .map(
      (part) =>
        JSON.parse(Buffer.from(part, "base64url").toString()) as Record<
          string,
          unknown
        >,
    );
  if (!header || !claims) throw new Error("no JWT");
  return { header, claims };
}

export const unsigned = ({ header, claims }: Jwt) =>
  `${encode(header)}.${encode(claims)}`;

export function signRs256(jwt: Jwt, key: KeyObject): string {
  const text = unsigned(jwt);
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

export function signEs256(jwt: Jwt, key: KeyObject): string {
  const text = unsigned(jwt);
  const signature = sign("sha256", Buffer.from(text), {
    key,
    dsaEncoding: "ieee-p1363",
  });
  return `${text}.${signature.toString("base64url")}`;
}

export function signHs256(jwt: Jwt, secret: string): string {
  const text = unsigned(jwt);
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** The pool's published key as PEM text. */
export async function publicPem(issuer: string, kid: unknown): Promise<string> {
  const answer = await fetch(`${issuer}/.well-known/jwks.json`);
  const { keys } = (await answer.json()) as { keys: JsonWebKey[] };
  const key = keys.find((row) => row["kid"] === kid);
  if (!key) throw new Error("the key is not published");
  return createPublicKey({ key, format: "jwk" })
    .export({ type: "spki", format: "pem" })
    .toString();
}

const now = () => Math.floor(Date.now() / 1000);

/** How parlor-auth refuses a token that is not good: what can't be one at all is a
 * bad parameter. */
export const exceptionOf = (token: string): string =>
  /^[\w.=-]+$/.test(token)
    ? "NotAuthorizedException"
    : "InvalidParameterException";

/** Forgeries of a good access token, each by its name. */
export async function forgeries(
  issuer: string,
  accessToken: string,
  idToken: string,
): Promise<[string, string][]> {
  const good = readJwt(accessToken);
  const pem = await publicPem(issuer, good.header["kid"]);
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const [head = "", body = "", signature = ""] = accessToken.split(".");
  const header = (more: object) => ({
    ...good,
    header: { ...good.header, ...more },
  });
  const claims = (more: object) => ({
    ...good,
    claims: { ...good.claims, ...more },
  });
  return [
    ["HS256 by the public key's PEM", signHs256(header({ alg: "HS256" }), pem)],
    [
      "HS256 by the PEM without its last newline",
      signHs256(header({ alg: "HS256" }), pem.trim()),
    ],
    ["HS256 by nothing", signHs256(header({ alg: "HS256" }), "")],
    ["alg none", `${unsigned(header({ alg: "none" }))}.`],
    [
      "alg None with a signature",
      `${unsigned(header({ alg: "None" }))}.${signature}`,
    ],
    ["no signature", `${head}.${body}.`],
    ["two parts", `${head}.${body}`],
    ["four parts", `${accessToken}.${signature}`],
    ["another key under our kid", signRs256(good, stranger.privateKey)],
    [
      "a key of its own in the header",
      signRs256(
        header({ jwk: stranger.publicKey.export({ format: "jwk" }) }),
        stranger.privateKey,
      ),
    ],
    [
      "an unknown kid",
      signRs256(header({ kid: "nobody" }), stranger.privateKey),
    ],
    ["no kid", signRs256(header({ kid: undefined }), stranger.privateKey)],
    [
      "another user's claims under our signature",
      `${head}.${encode({ ...good.claims, sub: "somebody-else" })}.${signature}`,
    ],
    [
      "a later end under our signature",
      `${head}.${encode({ ...good.claims, exp: now() + 86400 * 365 })}.${signature}`,
    ],
    [
      "junk in the signature's base64",
      `${head}.${body}.${signature.slice(0, -1)}!`,
    ],
    ["junk in the claims' base64", `${head}.${body}%.${signature}`],
    ["padding", `${head}.${body}.${signature}==`],
    ["a blank in it", `${head}. ${body}.${signature}`],
    ["one letter of the signature changed", flip(accessToken)],
    [
      "expired, by a stranger",
      signRs256(claims({ exp: 1 }), stranger.privateKey),
    ],
    ["an ID token", idToken],
    ["only dots", ".."],
    ["no token", "x"],
    ["a long one", `${head}.${"A".repeat(6000)}.${signature}`],
  ];
}

/** Changes a letter in the middle of the signature. */
function flip(token: string): string {
  const at = token.length - 20;
  return (
    token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1)
  );
}

/** The token with one letter changed, for each of its letters. */
export function* tampered(token: string): Generator<string> {
  for (let at = 0; at < token.length; at++)
    yield (
      token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1)
    );
}
