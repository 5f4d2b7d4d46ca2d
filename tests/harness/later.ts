// Wall time is moved, not waited for.
import { existsSync } from "node:fs";

const triplet = process.arch === "arm64" ? "aarch64" : "x86_64";
const library = `/usr/lib/${triplet}-linux-gnu/faketime/libfaketimeMT.so.1`;

/** A test's `skip` where wall time can't be moved. */
export const cannotWait =
  !existsSync(library) && "libfaketime is not installed";

/** The environment of a program for which it is later by so much: "+2h". */
export const later = (by: string): NodeJS.ProcessEnv => ({
  LD_PRELOAD: library,
  FAKETIME: by,
  DONT_FAKE_MONOTONIC: "1",
  ASAN_OPTIONS: "verify_asan_link_order=0",
});
