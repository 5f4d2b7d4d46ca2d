// Seconds from opening the page to a guest's first own move, on a phone whose
// processor is four times slower, with nothing kept from before.
import type { Browser } from "playwright-core";
import { newPhone, startBrowser } from "../harness/phone.ts";
import { startSuite, type Suite } from "../harness/suite.ts";

const RUNS = 7;
const SLOWER = 4;

/**
 * Plays in the page, without a thought: touches what it is to touch as soon as
 * it is there. `played` is when the move was answered, since the page was opened.
 */
const player = `
  const touch = (selector) => document.querySelector(selector)?.click();
  const watching = new MutationObserver(() => {
    touch(".home-levels button:first-child:not([aria-busy])");
    touch(".board-column[aria-disabled=false]");
  });
  watching.observe(document, { attributes: true, childList: true, subtree: true });
  globalThis.played = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      for (const { name, responseEnd, responseStatus } of list.getEntries())
        if (name.endsWith("/PlayMove") && responseStatus === 200)
          resolve(responseEnd);
    }).observe({ type: "resource" });
  });
`;

async function firstMove(browser: Browser, suite: Suite): Promise<number> {
  const { page, close } = await newPhone(browser, suite, {
    reducedMotion: "no-preference",
  });
  const session = await page.context().newCDPSession(page);

  await page.addInitScript(player);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto("/");
  const milliseconds = await page.evaluate<number>("played");
  await close();
  return milliseconds / 1000;
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
