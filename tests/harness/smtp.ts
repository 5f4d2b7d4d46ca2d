// A mail server, Debian's aiosmtpd, and what came to it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { root, start, type Program } from "./process.ts";
import { until } from "./until.ts";

export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
  readonly tls: boolean;
  readonly authenticated: boolean;
}

export interface MailServer {
  readonly port: number;
  readonly received: readonly Received[];
  /** The message to that address, once it has come. */
  messageTo(address: string): Promise<Received>;
  stop(): Promise<void>;
}

export interface MailServerOptions {
  readonly mode: "starttls" | "tls" | "plain";
  readonly certificate?: Certificate;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
}

export interface Certificate {
  readonly file: string;
  readonly key: string;
}

/** One that vouches for itself, for that name. */
export async function certificateFor(
  name: string,
  folder: string,
): Promise<Certificate> {
  const file = join(folder, `${name}.pem`);
  const key = join(folder, `${name}.key.pem`);
  await promisify(execFile)("openssl", [
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(
      " ",
    ),
    ...["-days", "2", "-subj", `/CN=${name}`],
    ...["-addext", `subjectAltName=DNS:${name}`],
    ...["-keyout", key, "-out", file],
  ]);
  return { file, key };
}

/** The lines that a program prints, and the first of them. */
function listen(program: Program, line: (text: string) => void): void {
  const { stdout } = program.child;
  if (stdout) createInterface({ input: stdout }).on("line", line);
}

export async function startMailServer(
  options: MailServerOptions,
): Promise<MailServer> {
  const received: Received[] = [];
  const program = start("/usr/bin/python3", [
    join(root, "tests/harness/smtp.py"),
    String(options.port ?? 0),
    options.mode,
    options.certificate?.file ?? "",
    options.certificate?.key ?? "",
    options.user ?? "",
    options.password ?? "",
  ]);
  const port = await new Promise<number>((resolve, reject) => {
    let known = false;
    listen(program, (text) => {
      if (known) received.push(JSON.parse(text) as Received);
      else resolve(Number(text));
      known = true;
    });
    program.child.on("exit", () => reject(new Error(program.log())));
  });
  return {
    port,
    received,
    messageTo: (address) =>
      until(
        () => `a message to ${address}: ${program.log()}`,
        () => received.findLast(({ to }) => to.includes(address)),
      ),
    async stop() {
      await program.end("SIGKILL");
    },
  };
}
