// Every screen of the web client, with something on it.
import type { Browser } from "playwright-core";
import { newPhone, type Phone } from "./phone.ts";
import type { Suite } from "./suite.ts";

/** Is what the page asked for there? */
async function settled({ page }: Phone): Promise<void> {
  await page.locator("main h1").first().waitFor();
  await page.locator("[aria-busy]").first().waitFor({ state: "detached" });
}

const quiet = [
  ["settings", "/settings"],
  ["leaderboard", "/leaderboard"],
  ["played", "/played"],
  ["account", "/account"],
  ["sign-up", "/account/sign-up"],
  ["sign-in", "/account/sign-in"],
  ["confirm", "/account/confirm"],
] as const;

/** A line for each seat: who begins wins with the last move. */
const MOVES = [1, 3, 4, 1, 4, 3, 5, 6, 4, 2, 6, 4, 2, 5, 4, 2, 2, 0, 3];

const button = (phone: Phone, at: string) => phone.page.locator(at).first();

/** Shows each in turn on the phone, in which nobody has played yet. */
export async function visitScreens(
  browser: Browser,
  suite: Pick<Suite, "url">,
  phone: Phone,
  look: (name: string) => Promise<void>,
): Promise<void> {
  const friend = await newPhone(browser, suite);
  const show = async (name: string, path: string) => {
    await phone.visit(path);
    await settled(phone);
    await look(name);
  };

  await show("welcome", "/");
  await button(phone, ".home-way.card").click();
  await button(phone, ".match-waiting .field").waitFor();
  await look("challenge");

  const { pathname } = new URL(phone.page.url());
  await friend.visit(pathname);
  await button(friend, ".notice .button-main").click();
  for (const [at, column] of MOVES.entries()) {
    await (at % 2 ? friend : phone).tap(column);
    if (at !== 11) continue;
    await button(phone, ".player-marked .dot-own").waitFor();
    await look("match");
  }
  await button(phone, ".match-below .button-main").waitFor();
  await look("won");

  await button(phone, ".match-below a").click();
  await button(phone, ".home-levels .button").click();
  await phone.tap(3);
  await show("home", "/");
  for (const [name, path] of quiet) await show(name, path);
  await phone.visit("/played");
  await button(phone, ".lines a").click();
  await button(phone, ".replay-steps").waitFor();
  await look("replay");
  await friend.close();
}
