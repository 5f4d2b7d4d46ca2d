// Bytes to a listener and what comes back, without any client between.
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Exchange {
  /** All that came until the other end closed or the time was over. */
  readonly answer: Buffer;
  readonly closed: boolean;
  readonly milliseconds: number;
}

export interface How {
  /** Milliseconds between bytes; 0 sends all at once. */
  readonly bytePause?: number;
  /** Closes our side behind the bytes. */
  readonly halfClose?: boolean;
  /** Gives up after this long. */
  readonly timeout?: number;
}

async function send(socket: Socket, bytes: Buffer, pause: number) {
  if (pause === 0) {
    socket.write(bytes);
    return;
  }
  for (const byte of bytes) {
    if (socket.destroyed || socket.readableEnded) return;
    socket.write(Buffer.from([byte]));
    await sleep(pause);
  }
}

export async function exchange(
  url: string,
  bytes: Buffer | string,
  { bytePause = 0, halfClose = false, timeout = 5000 }: How = {},
): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  const pieces: Buffer[] = [];
  const socket = connect({
    host: hostname,
    port: Number(port),
    allowHalfOpen: true,
  });
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece) => pieces.push(piece));
  const closed = new Promise<boolean>((resolve) => {
    socket.once("end", () => resolve(true));
    socket.once("close", () => resolve(true));
    setTimeout(() => resolve(false), timeout).unref();
  });
  void send(socket, Buffer.from(bytes), bytePause).then(() => {
    if (halfClose && !socket.destroyed) socket.end();
  });
  const result = await closed;
  socket.destroy();
  return {
    answer: Buffer.concat(pieces),
    closed: result,
    milliseconds: performance.now() - started,
  };
}

export const statusOf = ({ answer }: Exchange) =>
  Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer.toString("latin1"))?.[1] ?? 0);

/** The body behind the first header; JSON where it is some. */
export function bodyOf({ answer }: Exchange): string {
  const text = answer.toString("latin1");
  return text.slice(text.indexOf("\r\n\r\n") + 4);
}

export function post(
  path: string,
  contentType: string,
  body: Buffer | string,
  headers = "",
): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
        `Content-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\n` +
        `${headers}\r\n`,
    ),
    bytes,
  ]);
}
