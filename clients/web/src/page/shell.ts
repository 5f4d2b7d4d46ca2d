// What is around every screen: the sections, the main part, short messages, and
// the voice for screen readers.
import { text } from "../text/text.ts";
import { fill, h } from "./dom.ts";
import { icon, type IconName } from "./icon.ts";
import type { Shown } from "./router.ts";

const MESSAGE_MS = 5_000;

const sections = [
  ["play", "/"],
  ["matches", "/played"],
  ["leaderboard", "/leaderboard"],
  ["account", "/account"],
] as const satisfies readonly (readonly [IconName, string])[];

const header = h("header", { class: "top" });
const nav = h("nav", { class: "sections" });
const main = h("main", { id: "main", tabindex: -1 });
const message = h("div", { class: "message", role: "status" });
const voice = h("div", { class: "unseen", "aria-live": "polite" });
const skip = h("a", { class: "skip", href: "#main" });
let section = "";

/** For screen readers; each for long enough to be noticed. */
export function announce(what: string): void {
  const paragraph = h("p", {}, what);

  voice.append(paragraph);
  setTimeout(() => paragraph.remove(), MESSAGE_MS);
}

/** Briefly, for everybody. */
export function say(what: string): void {
  const paragraph = h("p", {}, what);

  fill(message, paragraph);
  setTimeout(() => paragraph.remove(), MESSAGE_MS);
}

/** In the language of now. */
export function drawShell(): void {
  skip.textContent = text().skip;
  fill(
    header,
    h("a", { class: "brand", href: "/" }, h("span", {}), "Parlor"),
    h(
      "a",
      { class: "round", href: "/settings", "aria-label": text().settings },
      icon("settings"),
    ),
  );
  nav.ariaLabel = text().sections;
  fill(
    nav,
    sections.map(([name, href]) =>
      h(
        "a",
        { href, "aria-current": name === section && "page" },
        icon(name),
        h("span", {}, text()[name]),
      ),
    ),
  );
}

export function showScreen(shown: Shown, inSection: string): void {
  const first = !main.firstChild;

  section = inSection;
  drawShell();
  document.title = `${shown.title} · Parlor`;
  fill(main, shown.content);
  if (first) return;
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

export function startShell(): void {
  document.body.append(skip, header, main, nav, message, voice);
}
