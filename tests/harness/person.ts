// Somebody at a terminal: the parlor command, with a home directory of one's own.
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildDir } from "./process.ts";
import { type Suite } from "./suite.ts";
import { mailedCode, password } from "./users.ts";

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Typing {
  /** Types a line. */
  type(line: string): void;
  /** Ends the input; what came of the command. */
  end(): Promise<Outcome>;
}

export interface Person {
  readonly name: string;
  readonly home: string;
  /** Types a command; `input` goes to its standard input. */
  parlor(args: readonly string[], input?: string): Promise<Outcome>;
  /** Begins a command that waits for what is typed. */
  begin(args: readonly string[]): Typing;
  /** The same with --json, which must be done; the answer message. */
  ask<Answer>(args: readonly string[], input?: string): Promise<Answer>;
}

/** Where the suite is, as `script/server` writes it. */
async function writeEndpoints(suite: Suite, file: string): Promise<void> {
  await writeFile(
    file,
    JSON.stringify({
      ...suite.url,
      issuer: suite.issuer,
      region: suite.region,
      user_pool_id: suite.userPoolId,
      client_id: suite.clientId,
      admin: join(suite.data, "admin.json"),
    }),
  );
}

function open(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(join(buildDir, "parlor"), args, { env });
  const pieces = { stdout: "", stderr: "" };

  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (piece: Buffer) => {
      pieces[name] += piece.toString();
    });
  child.stdin.on("error", () => undefined); // it may not read its input
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...pieces }));
  });
  return { child, ended };
}

function begin(args: readonly string[], env: NodeJS.ProcessEnv): Typing {
  const { child, ended } = open(args, env);

  return {
    type: (line) => child.stdin.write(`${line}\n`),
    end() {
      child.stdin.end();
      return ended;
    },
  };
}

function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = "",
): Promise<Outcome> {
  const { child, ended } = open(args, env);

  child.stdin.end(input);
  return ended;
}

export async function person(suite: Suite, name: string): Promise<Person> {
  const home = join(suite.data, "homes", name);
  const env: NodeJS.ProcessEnv = { ...process.env, PARLOR_HOME: home };

  delete env["PARLOR_ENDPOINTS"];
  await mkdir(home, { recursive: true });
  await writeEndpoints(suite, join(home, "endpoints.json"));
  return {
    name,
    home,
    parlor: (args, input) => run(args, env, input),
    begin: (args) => begin(args, env),
    async ask<Answer>(args: readonly string[], input?: string) {
      const outcome = await run(["--json", ...args], env, input);
      if (outcome.status !== 0)
        throw new Error(`parlor ${args.join(" ")}: ${outcome.stderr}`);
      return JSON.parse(outcome.stdout) as Answer;
    },
  };
}

/** Signs somebody up, confirms and signs in, all by the command. */
export async function newPlayer(suite: Suite, name: string): Promise<Person> {
  const player = await person(suite, name);
  const email = `${name}@example.test`;
  const line = `${password}\n`;

  await player.ask(
    ["sign-up", name, "--email", email, "--password-stdin"],
    line,
  );
  await player.ask(["confirm", name, await mailedCode(suite, email)]);
  await player.ask(["sign-in", name, "--password-stdin"], line);
  return player;
}
