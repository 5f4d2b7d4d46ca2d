// Line drawings, 24 by 24.
import { svg } from "./dom.ts";

const paths = {
  play: "M4 4h16v16H4zM8.5 8.5h.01M15.5 8.5h.01M8.5 15.5h.01M15.5 15.5h.01",
  matches: "M4 6h16M4 12h16M4 18h10",
  leaderboard: "M5 20v-7h4v7M10 20V5h4v15M15 20v-10h4v10M3 20h18",
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M15 7h.01M9 14.5v5M9 17h.01",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1",
  computer: "M5 5h14v10H5zM9 20h6M12 15v5M9.5 10h.01M14.5 10h.01",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
  forward: "M9 5l7 7-7 7",
  back: "M15 5l-7 7 7 7",
  first: "M18 5l-7 7 7 7M7 5v14",
  last: "M6 5l7 7-7 7M17 5v14",
  run: "M8 5.5v13l10.5-6.5z",
  pause: "M8 5v14M16 5v14",
  share: "M12 15V4M8 7.5L12 3.5l4 4M5 12v8h14v-8",
  flag: "M6 21V4M6 4.5h11l-2.5 4 2.5 4H6",
} as const;

export type IconName = keyof typeof paths;

/** Those that point along the reading direction turn round with it. */
const turning: ReadonlySet<IconName> = new Set([
  "forward",
  "back",
  "first",
  "last",
]);

export function icon(name: IconName): SVGElement {
  return svg(
    "svg",
    {
      class: turning.has(name) ? "icon icon-turning" : "icon",
      viewBox: "0 0 24 24",
      "aria-hidden": "true",
    },
    svg("path", { d: paths[name] }),
  );
}
