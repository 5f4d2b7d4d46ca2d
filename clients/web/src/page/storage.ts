// What this origin keeps in the browser. A browser that keeps nothing (private
// windows, full disks) is one that starts afresh each time.

export const keys = {
  session: "parlor.session",
  language: "parlor.language",
  theme: "parlor.theme",
  level: "parlor.level",
  match: "parlor.match",
  matches: "parlor.matches",
  signUp: "parlor.sign-up",
} as const;

type Key = (typeof keys)[keyof typeof keys];

export function keep(key: Key, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // it is not kept
  }
}

export function kept(key: Key): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Forgets what is the player's, and keeps what is the device's. */
export function forgetPlayer(): void {
  for (const key of [keys.match, keys.matches, keys.signUp])
    keep(key, undefined);
}
