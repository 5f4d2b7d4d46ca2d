// TLS as docs/tls.md has it: a certificate, and the hook by which certbot brings
// the next one.
import { JwtRsaVerifier } from "aws-jwt-verify";
import { SimpleFetcher } from "aws-jwt-verify/https";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  stat,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { after, it } from "node:test";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { buildDir, root, start } from "../../harness/process.ts";
import { startSuite } from "../../harness/suite.ts";
import { signIn, signUp } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const run = promisify(execFile);
const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const folder = join(suite.data, "tls");
const port = Number(new URL(suite.url.auth).port) + 100;

/** What certbot has made for a name: RENEWED_LINEAGE. */
async function lineage(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"],
    ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-keyout", join(path, "privkey.pem")],
    ...["-out", join(path, "fullchain.pem")],
  ]);
  return path;
}

/** The deploy hook of the page, for this folder and this one daemon. */
async function hook(pid: number): Promise<string> {
  const page = await readFile(join(root, "docs/tls.md"), "utf8");
  const script = /```sh\n(#!\/bin\/sh\n[^`]*RENEWED_LINEAGE[^`]*)```/.exec(
    page,
  );
  const text = (script?.[1] ?? "")
    .replace("/etc/parlor/tls", folder)
    .replace(" -o parlor", "")
    .replace(/^systemctl kill --signal=HUP .*$/m, `kill -HUP ${pid}`);
  assert.match(text, /kill -HUP \d/);
  const path = join(folder, "hook");
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

/** Whom the certificate is for that is served now. */
const served = () =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(
      { port, host: "127.0.0.1", rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.end();
      },
    );
    socket.on("error", reject);
  });

const first = await lineage("first");
const second = await lineage("second");
await copyFile(join(first, "fullchain.pem"), join(folder, "certificate.pem"));
await copyFile(join(first, "privkey.pem"), join(folder, "key.pem"));
const daemon = start(
  join(buildDir, "parlor-auth"),
  [
    ...["--data", suite.data, "--listen", `127.0.0.1:${port}`],
    ...["--admin-listen", `127.0.0.1:${port + 10}`],
  ],
  {
    PARLOR_SUITE_TLS_CERTIFICATE: join(folder, "certificate.pem"),
    PARLOR_SUITE_TLS_KEY: join(folder, "key.pem"),
  },
);
after(() => daemon.end());
const pid = daemon.child.pid ?? 0;

const serves = (name: string) =>
  until(
    () => `serves ${name}: ${daemon.log()}`,
    async () => (await served().catch(String)) === name,
  );

const deploy = async (RENEWED_LINEAGE: string) =>
  run(await hook(pid), { env: { ...process.env, RENEWED_LINEAGE } });

it("a renewed certificate is served from then on", async () => {
  await serves("first");
  const open = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(open, "secureConnect");
  await deploy(second);
  await serves("second");
  assert.equal((await stat(join(folder, "key.pem"))).mode & 0o777, 0o600);
  // who was there before the new one stays
  open.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [answer] = (await once(open, "data")) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 200 /);
  open.destroy();
});

it("one that is none changes nothing", async () => {
  const broken = await lineage("broken");
  await copyFile(join(first, "privkey.pem"), join(broken, "privkey.pem"));
  await deploy(broken);
  await until("it says so", () => /stay as they were/.test(daemon.log()));
  assert.equal(await served(), "second");
});

it("aws-jwt-verify fetches its keys by it", async () => {
  await signUp(suite, "ada");
  const { idToken } = await signIn(suite, "ada");
  const ca = await readFile(join(second, "fullchain.pem"));
  const verifier = JwtRsaVerifier.create(
    {
      issuer: suite.issuer,
      audience: suite.clientId,
      jwksUri: `https://127.0.0.1:${port}/${suite.userPoolId}/.well-known/jwks.json`,
    },
    {
      jwksCache: new SimpleJwksCache({
        fetcher: new SimpleFetcher({ defaultRequestOptions: { ca } }),
      }),
    },
  );
  assert.equal((await verifier.verify(idToken)).token_use, "id");
});
