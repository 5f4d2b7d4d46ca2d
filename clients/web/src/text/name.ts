// How players are called on the screen.
import { isGuest } from "../session/session.ts";
import { text } from "./text.ts";

/** A guest's name is long and says nothing: its last characters will do. */
const GUEST_CHARACTERS = 4;

export function shownName(player: {
  readonly name: string;
  readonly computer?: number;
}): string {
  const { name, computer } = player;

  if (computer) return text().computer(text().levels[computer - 1] ?? "");
  if (!name) return text().nobody;
  return isGuest(name) ? text().guest(name.slice(-GUEST_CHARACTERS)) : name;
}
