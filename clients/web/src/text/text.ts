// The language that is spoken, and how it writes times.
import { keep, kept, keys } from "../page/storage.ts";
import { de } from "./de.ts";
import { en, type Texts } from "./en.ts";

export const languages: Readonly<Record<string, Texts>> = { en, de };

const FALLBACK = "en";

/** What was chosen here, or the first of the browser's that is spoken. */
export function language(): string {
  return (
    [kept(keys.language), ...navigator.languages]
      .map((tag) => tag?.slice(0, 2) ?? "")
      .find((tag) => tag in languages) ?? FALLBACK
  );
}

export const text = (): Texts => languages[language()] ?? en;

function apply(): void {
  document.documentElement.lang = language();
  document.documentElement.dir = text().direction;
}

export function speak(tag: string): void {
  keep(keys.language, tag);
  apply();
}

export { apply as applyLanguage };

/** Today by the clock, else by the day. */
export function whenText(ms: number): string {
  const when = new Date(ms);
  const today = when.toDateString() === new Date().toDateString();

  return new Intl.DateTimeFormat(
    language(),
    today ? { timeStyle: "short" } : { dateStyle: "medium" },
  ).format(when);
}
