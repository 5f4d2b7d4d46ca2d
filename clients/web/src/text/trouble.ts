// What went wrong, in the player's words.
import { isPassing, nameOf } from "../suite/trouble.ts";
import { text } from "./text.ts";

export const troubleText = (error: unknown): string =>
  text().trouble[isPassing(error) ? "Unavailable" : nameOf(error)] ??
  text().anyTrouble;
