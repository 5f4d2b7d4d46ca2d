// Seconds from opening the page to the first own move as a guest, on a phone
// whose processor is four times slower, with nothing kept from before.
import type { Browser } from "playwright-core";
import { newPhone, startBrowser } from "../harness/phone.ts";
import { startSuite, type Suite } from "../harness/suite.ts";

const RUNS = 7;
const SLOWER = 4;

/** A person who needs no time to think. */
async function firstMove(browser: Browser, suite: Suite): Promise<number> {
  const { page, tap, close } = await newPhone(browser, suite, {
    reducedMotion: "no-preference",
  });
  const session = await page.context().newCDPSession(page);

  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const begun = performance.now();
  await page.goto("/", { waitUntil: "commit" });
  await page.getByRole("button", { name: "Easy" }).tap();
  const [answer] = await Promise.all([
    page.waitForResponse(/PlayMove$/),
    tap(3),
  ]);
  if (!answer.ok()) throw new Error(`the move: ${answer.status()}`);
  const seconds = (performance.now() - begun) / 1000;
  await close();
  return seconds;
}

const suite = await startSuite();
const browser = await startBrowser();
const runs: number[] = [];

for (let run = 0; run < RUNS; run++) runs.push(await firstMove(browser, suite));
await browser.close();
await suite.stop();
runs.sort((a, b) => a - b);
console.error(`seconds: ${runs.map((run) => run.toFixed(2)).join(" ")}`);
console.log(runs[(RUNS - 1) / 2]?.toFixed(3));
