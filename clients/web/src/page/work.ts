// A button that does something elsewhere: it waits, and tells what went wrong.
import { troubleText } from "../text/trouble.ts";
import { say } from "./shell.ts";

export async function work(
  button: HTMLButtonElement,
  todo: () => Promise<void>,
): Promise<void> {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    await todo();
  } catch (error) {
    say(troubleText(error));
  } finally {
    button.ariaBusy = null;
  }
}

/** A listener that does it for the button it listens on. */
export const working =
  (todo: () => Promise<void>) =>
  (event: Event): void =>
    void work(event.currentTarget as HTMLButtonElement, todo);
