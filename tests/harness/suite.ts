// The four daemons as a newcomer has them, in a directory of their own.
//
// A suite is made by `parlor init` on free ports and started daemon by daemon.
// Each can be killed and started again; what a test leaves behind is ended and
// removed with it.
import type { DescService } from "@bufbuild/protobuf";
import { fromJson } from "@bufbuild/protobuf";
import {
  createClient,
  type Client,
  type Interceptor,
} from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { randomInt } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableRequestSchema,
  KeyValue,
  UpdateTimeToLiveRequestSchema,
} from "../gen/parlor/kv/v1/kv_pb.js";
import { buildDir, root, start, type Program } from "./process.ts";
import { signingFetch, type AccessKey } from "./sigv4.ts";

export const daemonNames = ["kv", "auth", "game", "gateway"] as const;
export type DaemonName = (typeof daemonNames)[number];

/** Where each listens, from the port base, as `parlor init` lays them out. */
const offsets = { gateway: 0, auth: 1, kv: 2, game: 3 } as const;

/** The game's table, policies and functions. */
const deploy = join(root, "services/game/deploy");

export interface Suite {
  readonly data: string;
  readonly url: Record<DaemonName, string>;
  readonly adminUrl: Record<DaemonName, string>;
  readonly issuer: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly region: string;
  readonly admin: AccessKey;
  readonly programs: Map<DaemonName, Program>;
  /** Starts it (again) and waits until it is ready, or until it listens. */
  start(
    name: DaemonName,
    env?: NodeJS.ProcessEnv,
    until?: "readyz" | "healthz",
  ): Promise<void>;
  /** Ends it: by SIGKILL unless told otherwise. */
  kill(name: DaemonName, signal?: NodeJS.Signals): Promise<void>;
  /** Ends all by SIGTERM, which each must survive to a clean end. */
  stop(): Promise<void>;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** N so that N to N+3 and N+10 to N+13 are free. */
async function freePortBase(): Promise<number> {
  for (;;) {
    const base = randomInt(20_000, 30_000);
    const ports = [0, 1, 2, 3, 10, 11, 12, 13].map((offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
}

export async function run(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const program = start(path, args, env);
  const output: Buffer[] = [];
  program.child.stdout?.on("data", (piece: Buffer) => output.push(piece));
  const code = await new Promise((resolve) =>
    program.child.on("close", resolve),
  );
  if (code !== 0)
    throw new Error(`${path} ${args.join(" ")}: ${code}: ${program.log()}`);
  return Buffer.concat(output).toString();
}

async function waitFor(url: string, program: Program): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (program.child.exitCode !== null || program.child.signalCode !== null)
      throw new Error(`ended before it was ready: ${program.log()}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(20);
  }
  throw new Error(`${url} is not ready: ${program.log()}`);
}

function setting(yaml: string, key: string): string {
  const found = new RegExp(`^ +${key}: *"?([^"\\s]+)`, "m").exec(yaml)?.[1];
  if (!found) throw new Error(`no ${key} in parlor.yaml`);
  return found;
}

export async function startSuite(
  names: readonly DaemonName[] = daemonNames,
  env: NodeJS.ProcessEnv = {},
): Promise<Suite> {
  const data = await mkdtemp(join(tmpdir(), "parlor-test-"));
  const base = await freePortBase();
  await run(join(buildDir, "parlor"), [
    "--data",
    data,
    "--port-base",
    String(base),
    "--deploy",
    deploy,
    "init",
  ]);
  const yaml = await readFile(join(data, "parlor.yaml"), "utf8");
  const admin = JSON.parse(
    await readFile(join(data, "admin.json"), "utf8"),
  ) as {
    access_key_id: string;
    secret_access_key: string;
  };
  const at = (extra: number) =>
    Object.fromEntries(
      daemonNames.map((name) => [
        name,
        `http://127.0.0.1:${base + offsets[name] + extra}`,
      ]),
    ) as Record<DaemonName, string>;
  const suite: Suite = {
    data,
    url: at(0),
    adminUrl: at(10),
    issuer: setting(yaml, "issuer"),
    userPoolId: setting(yaml, "user_pool_id"),
    clientId: setting(yaml, "client_id"),
    region: "local-1",
    admin: {
      accessKeyId: admin.access_key_id,
      secretAccessKey: admin.secret_access_key,
    },
    programs: new Map(),
    async start(name, more = {}, until = "readyz") {
      const program = start(
        join(buildDir, `parlor-${name}`),
        ["--data", data],
        { ...env, ...more },
      );
      suite.programs.set(name, program);
      await waitFor(`${suite.url[name]}/${until}`, program);
    },
    async kill(name, signal = "SIGKILL") {
      await suite.programs.get(name)?.end(signal);
      suite.programs.delete(name);
    },
    async stop() {
      const bad: string[] = [];
      for (const name of [...daemonNames].reverse()) {
        const program = suite.programs.get(name);
        const code = await program?.end();
        if (program && code !== 0)
          bad.push(`parlor-${name} ended with ${code}: ${program.log()}`);
      }
      suite.programs.clear();
      await rm(data, { recursive: true, force: true });
      if (bad.length) throw new Error(bad.join("\n"));
    },
  };
  try {
    for (const name of daemonNames.filter((name) => names.includes(name))) {
      // without auth there are no keys, so what takes users waits for them
      const ready = name === "kv" || names.includes("auth");
      await suite.start(name, {}, ready ? "readyz" : "healthz");
      if (name === "kv") await makeGameTable(suite);
    }
  } catch (error) {
    await suite.stop();
    throw error;
  }
  return suite;
}

/** A typed client of a service; `token` is a player's access token. */
export function client<S extends DescService>(
  service: S,
  baseUrl: string,
  token?: string,
  options: { json?: boolean; fetch?: typeof fetch } = {},
): Client<S> {
  const bearer: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${token ?? ""}`);
    return next(request);
  };
  return createClient(
    service,
    createConnectTransport({
      baseUrl,
      useBinaryFormat: !options.json,
      interceptors: token === undefined ? [] : [bearer],
      ...(options.fetch ? { fetch: options.fetch } : {}),
    }),
  );
}

/** The store as its administrator has it. */
export function adminKv(suite: Suite, key = suite.admin) {
  return client(KeyValue, suite.url.kv, undefined, {
    fetch: signingFetch(key, suite.region),
  });
}

/** What a first start does for the game: its table, and what is lent to it. */
async function makeGameTable(suite: Suite): Promise<void> {
  const table = await readFile(join(deploy, "table.json"), "utf8");
  const life = await readFile(join(deploy, "time_to_live.json"), "utf8");
  const kv = adminKv(suite);
  await kv.createTable(fromJson(CreateTableRequestSchema, JSON.parse(table)));
  await kv.updateTimeToLive(
    fromJson(UpdateTimeToLiveRequestSchema, JSON.parse(life)),
  );
  await kv.putRolePolicy({
    roleName: "service:game",
    policyName: "lend",
    policyDocument: await readFile(join(deploy, "lend.json"), "utf8"),
  });
}
