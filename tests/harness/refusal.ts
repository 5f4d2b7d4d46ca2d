// How an operation refuses: Connect's code, AWS's name, the words.
import { Code, ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { ExceptionSchema } from "../gen/parlor/options/v1/options_pb.js";

export interface Refusal {
  readonly code: Code;
  readonly exception: string | undefined;
  readonly message: string;
  readonly error: ConnectError;
}

/** The refusal of a call that must not succeed. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    return {
      code: error.code,
      exception: error.findDetails(ExceptionSchema)[0]?.name,
      message: error.rawMessage,
      error,
    };
  }
  return assert.fail("it was not refused");
}

/** Must be refused with AWS's exception, and words that match. */
export async function refuses(
  call: Promise<unknown>,
  exception: string,
  words: RegExp = /./,
): Promise<Refusal> {
  const got = await refusal(call);
  assert.equal(got.exception, exception, `${Code[got.code]}: ${got.message}`);
  assert.match(got.message, words);
  return got;
}
