// A screen, or a part of it, that has nothing but a word to say.
import { h, type Child } from "./dom.ts";

export const notice = (title: string, hint: string, ...more: Child[]) =>
  h(
    "section",
    { class: "notice" },
    h("h1", {}, title),
    h("p", { class: "hint" }, hint),
    more,
  );
