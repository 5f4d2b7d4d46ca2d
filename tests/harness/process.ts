// A daemon as a child process: its first words, its end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const root = resolve(import.meta.dirname, "../..");
export const buildDir = resolve(
  process.env["BUILD_DIR"] ?? join(root, "build/dev"),
);

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface Program {
  readonly child: ChildProcess;
  /** Its standard error so far. */
  log(): string;
  /** Sends the signal, waits for the end; gives the exit code or signal: after
   * a minute SIGKILL. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

export function start(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Program {
  // it goes with us, however we go: a test's end may be sudden
  const child = spawn("setpriv", ["--pdeathsig", "KILL", path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const ended = once(child, "exit");
  const pieces: string[] = [];
  running.add(child);
  child.stderr.on("data", (piece: Buffer) => pieces.push(piece.toString()));
  child.on("exit", () => running.delete(child));
  return {
    child,
    log: () => pieces.join(""),
    async end(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
        await ended;
        clearTimeout(late);
      }
      return child.exitCode ?? child.signalCode;
    },
  };
}

/** The first line it prints, or an error with what it said instead. */
export async function firstLine(program: Program): Promise<string> {
  const { stdout } = program.child;
  if (!stdout) throw new Error("no standard output");
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error(`ended without a word: ${program.log()}`);
}

/** Sanitizers keep freed memory for a while; they have no libforget. */
export const sanitized = !existsSync(join(buildDir, "libforget.so"));

/** Bytes of memory of its own. */
export async function memoryOf(program: Program | undefined): Promise<number> {
  const text = await readFile(
    `/proc/${program?.child.pid}/smaps_rollup`,
    "utf8",
  );
  return Number(/^Pss_Anon: +(\d+) kB/m.exec(text)?.[1]) * 1024;
}
