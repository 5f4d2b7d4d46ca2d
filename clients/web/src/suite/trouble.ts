// What an error means to the page.
import { Code, ConnectError } from "@connectrpc/connect";
import { ExceptionSchema } from "../gen/parlor/options/v1/options_pb.ts";

/** AWS's name of it, as UsernameExistsException, or else Connect's code. */
export function nameOf(error: unknown): string {
  const trouble = ConnectError.from(error);

  return (
    trouble.findDetails(ExceptionSchema)[0]?.name ||
    Code[trouble.code] ||
    "Unknown"
  );
}

/** May the same be tried again, since nobody has answered? */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return error instanceof TypeError;
  return (
    error.cause instanceof TypeError || // fetch's word for no network
    error.code === Code.Unavailable ||
    error.code === Code.DeadlineExceeded ||
    error.code === Code.Aborted
  );
}

export const isRefusedToken = (error: unknown): boolean =>
  error instanceof ConnectError && error.code === Code.Unauthenticated;
