// Which screen is shown: a path names it, the browser's history remembers it.
import type { Child } from "./dom.ts";

export interface Place {
  /** What the path's pattern captured. */
  readonly params: readonly string[];
  /** Aborted when the player goes elsewhere. */
  readonly signal: AbortSignal;
}

export interface Shown {
  readonly title: string;
  readonly content: Child;
}

export type Screen = (place: Place) => Shown;

export interface Route {
  readonly path: RegExp;
  readonly screen: Screen;
  /** The section it belongs to. */
  readonly section: string;
}

let follow: () => void = () => undefined;

/** Another screen in the place of this one; `replace` forgets where it was. */
export function go(path: string, replace = false): void {
  history[replace ? "replaceState" : "pushState"](undefined, "", path);
  follow();
}

/** The same screen anew: language or player have changed. */
export const refresh = (): void => follow();

function isOwnLink(event: MouseEvent): string | undefined {
  const link = (event.target as Element).closest("a[href^='/']");
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey);

  return (plain && link?.getAttribute("href")) || undefined;
}

export function startRouter(
  routes: readonly Route[],
  show: (shown: Shown, section: string) => void,
): void {
  let place = new AbortController();

  follow = () => {
    const route =
      routes.find(({ path }) => path.test(location.pathname)) ?? routes[0];

    if (!route) return;
    const [, ...params] = route.path.exec(location.pathname) ?? [];
    place.abort();
    place = new AbortController();
    show(route.screen({ params, signal: place.signal }), route.section);
  };
  window.addEventListener("popstate", follow);
  document.addEventListener("click", (event) => {
    const path = isOwnLink(event);

    if (path === undefined) return;
    event.preventDefault();
    go(path);
  });
  follow();
}
