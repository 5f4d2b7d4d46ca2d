// The C test service, and every way in which the npm clients reach it.
import { createRegistry } from "@bufbuild/protobuf";
import { createClient, type Client, type Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport as createNodeTransport,
} from "@connectrpc/connect-node";
import { createConnectTransport as createWebTransport } from "@connectrpc/connect-web";
import { join } from "node:path";
import { Echo, SayRequestSchema } from "../gen/parlor/test/v1/echo_pb.js";
import { buildDir, firstLine, start, type Program } from "./process.ts";

export interface EchoDaemon {
  readonly baseUrl: string;
  readonly program: Program;
}

export async function startEcho(): Promise<EchoDaemon> {
  const program = start(join(buildDir, "wire/echo_daemon"), ["127.0.0.1:0"]);
  return { baseUrl: `http://${await firstLine(program)}`, program };
}

export type EchoClient = Client<typeof Echo>;

/** What an Any of the tests may hold. */
export const registry = createRegistry(SayRequestSchema);
const jsonOptions = { registry };

const gzip = {
  acceptCompression: [compressionGzip],
  sendCompression: compressionGzip,
  compressMinBytes: 1,
};

const transports: Record<string, (baseUrl: string) => Transport> = {
  "connect-node, proto": (baseUrl) =>
    createNodeTransport({ httpVersion: "1.1", baseUrl, useBinaryFormat: true }),
  "connect-node, JSON": (baseUrl) =>
    createNodeTransport({
      httpVersion: "1.1",
      baseUrl,
      useBinaryFormat: false,
      jsonOptions,
    }),
  "connect-node, proto, gzip": (baseUrl) =>
    createNodeTransport({
      httpVersion: "1.1",
      baseUrl,
      useBinaryFormat: true,
      ...gzip,
    }),
  "connect-node, JSON, GET, gzip": (baseUrl) =>
    createNodeTransport({
      httpVersion: "1.1",
      baseUrl,
      useBinaryFormat: false,
      jsonOptions,
      useHttpGet: true,
      ...gzip,
    }),
  "connect-web, proto": (baseUrl) =>
    createWebTransport({ baseUrl, useBinaryFormat: true }),
  "connect-web, JSON": (baseUrl) =>
    createWebTransport({ baseUrl, useBinaryFormat: false, jsonOptions }),
  "connect-web, proto, GET": (baseUrl) =>
    createWebTransport({ baseUrl, useBinaryFormat: true, useHttpGet: true }),
  "connect-web, JSON, GET": (baseUrl) =>
    createWebTransport({
      baseUrl,
      useBinaryFormat: false,
      jsonOptions,
      useHttpGet: true,
    }),
};

/** Each client with its name. */
export function echoClients(baseUrl: string): [string, EchoClient][] {
  return Object.entries(transports).map(([name, make]) => [
    name,
    createClient(Echo, make(baseUrl)),
  ]);
}
