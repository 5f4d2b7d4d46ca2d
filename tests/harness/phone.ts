// A browser on a phone: Debian's chromium, in which a test's people sit.
//
// Each phone has a storage of its own. Whatever a page complains about (a
// policy's violation, an error nobody caught) and each server it has contacted
// are noted.
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import type { Suite } from "./suite.ts";

export const sizes = {
  phone: { width: 390, height: 844 },
  small: { width: 320, height: 568 },
  desktop: { width: 1280, height: 860 },
} as const;

export interface Phone {
  readonly page: Page;
  /** Errors and violations so far. */
  readonly complaints: string[];
  /** Origins that were asked for something. */
  readonly contacted: Set<string>;
  /** Goes to a path of the page. */
  visit(path: string): Promise<void>;
  /** What the page says it is about. */
  heading(): Promise<string>;
  /** Drops a disc, once it may be, by a finger's tap. */
  tap(column: number): Promise<void>;
  close(): Promise<void>;
}

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"], // tests run as root, too
  });

/** A network that is no more is nothing to complain about. */
const isComplaint = (text: string): boolean =>
  !text.startsWith("Failed to load resource");

export async function newPhone(
  browser: Browser,
  suite: Pick<Suite, "url">,
  options: BrowserContextOptions = {},
): Promise<Phone> {
  const context = await browser.newContext({
    viewport: sizes.phone,
    hasTouch: true,
    isMobile: true,
    locale: "en-US",
    reducedMotion: "reduce",
    baseURL: suite.url.gateway,
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const contacted = new Set<string>();

  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && isComplaint(message.text()))
      complaints.push(message.text());
  });
  context.on("request", (request) =>
    contacted.add(new URL(request.url()).origin),
  );
  return {
    page,
    complaints,
    contacted,
    async visit(path) {
      await page.goto(path);
      await page.locator("main h1").first().waitFor();
    },
    heading: async () =>
      (await page.locator("main h1").first().textContent()) ?? "",
    async tap(column) {
      await page
        .locator(`.board-column:nth-child(${column + 1})[aria-disabled=false]`)
        .tap();
    },
    close: () => context.close(),
  };
}

/** Waits until the page's heading is this. */
export const shows = (phone: Phone, heading: string | RegExp): Promise<void> =>
  phone.page.locator("main h1", { hasText: heading }).first().waitFor();

/** Waits until so many discs lie on the board, its own and the other's. */
export async function lie(
  { page }: Phone,
  own: number,
  other: number,
): Promise<void> {
  const discs = page.locator(".match-middle .board-picture > g:nth-of-type(1)");

  for (const [kind, count] of [
    [".disc-own", own],
    [".disc-other", other],
  ] as const) {
    const last = discs.locator(kind).nth(Math.max(0, count - 1));
    const more = discs.locator(kind).nth(count);

    if (count) await last.waitFor();
    await more.waitFor({ state: "detached" });
  }
}
