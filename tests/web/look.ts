// Every screen as everybody has it: with a screen reader, in the dark, small,
// from right to left, over a slow line.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { broken, overflows } from "../harness/axe.ts";
import { newPhone, sizes, startBrowser } from "../harness/phone.ts";
import { startSuite } from "../harness/suite.ts";
import { visitScreens } from "../harness/screens.ts";

const LOAD_BYTES = 120_000;

const suite = await startSuite();
const browser = await startBrowser();
after(async () => {
  await browser.close();
  await suite.stop();
});

describe("axe finds nothing", () => {
  for (const colorScheme of ["light", "dark"] as const)
    it(colorScheme, async () => {
      const phone = await newPhone(browser, suite, { colorScheme });

      await visitScreens(browser, suite, phone, async (name) => {
        assert.deepEqual(await broken(phone.page), [], name);
      });
      assert.deepEqual(phone.complaints, []);
      await phone.close();
    });
});

describe("nothing stands out", () => {
  for (const [what, direction, locale, viewport] of [
    ["on a small phone", "ltr", "de-DE", sizes.small],
    ["from right to left", "rtl", "en-US", sizes.small],
    ["on a desktop", "ltr", "en-US", sizes.desktop],
  ] as const)
    it(what, async () => {
      const phone = await newPhone(browser, suite, { locale, viewport });

      await phone.page.addInitScript(
        `addEventListener("DOMContentLoaded", () => {
          document.documentElement.dir = "${direction}";
        })`,
      );
      await visitScreens(browser, suite, phone, async (name) => {
        assert.equal(await overflows(phone.page), false, name);
      });
      await phone.close();
    });
});

it("speaks German", async () => {
  const phone = await newPhone(browser, suite, { locale: "de-AT" });

  await phone.visit("/");
  assert.equal(await phone.heading(), "Vier in einer Reihe");
  assert.equal(await phone.page.getAttribute("html", "lang"), "de");
  await phone.visit("/settings");
  await phone.page.getByLabel("English").tap();
  assert.equal(await phone.heading(), "Settings");
  await phone.page.getByLabel("Dark").tap();
  await phone.visit("/");
  assert.equal(await phone.heading(), "Four in a row");
  assert.equal(await phone.page.getAttribute("html", "data-theme"), "dark");
  await phone.close();
});

it("loads less than 120 kB, and only from the suite", async () => {
  const phone = await newPhone(browser, suite, { serviceWorkers: "block" });
  const session = await phone.page.context().newCDPSession(phone.page);
  let loaded = 0;

  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    loaded += encodedDataLength;
  });
  await phone.visit("/");
  await phone.page.waitForLoadState("networkidle");
  assert.ok(loaded > 10_000 && loaded < LOAD_BYTES, `${loaded} bytes`);

  await phone.visit("/leaderboard");
  await phone.page.locator("[aria-busy]").waitFor({ state: "detached" });
  assert.deepEqual(
    [...phone.contacted].sort(),
    [suite.url.gateway, suite.url.auth, suite.url.kv].sort(),
  );
  await phone.close();
});

it("runs no script but its own", async () => {
  const phone = await newPhone(browser, suite);
  const ran = () => phone.page.evaluate("globalThis.intruder");

  await phone.visit("/");
  await phone.page.evaluate(`{
    const inline = document.createElement("script");
    const other = document.createElement("script");

    inline.textContent = "globalThis.intruder = 1";
    other.src = "data:text/javascript,globalThis.intruder=2";
    document.body.append(inline, other);
  }`);
  await phone.page.waitForTimeout(100);
  assert.equal(await ran(), undefined);
  assert.equal(phone.complaints.length, 2);
  await phone.close();
});

it("can be installed", async () => {
  const get = (path: string) => fetch(suite.url.gateway + path);
  const manifest = (await (await get("/manifest.webmanifest")).json()) as {
    icons: { src: string; type: string }[];
  };

  assert.equal(manifest.icons.length, 4);
  for (const { src, type } of manifest.icons) {
    const icon = await get(src);
    assert.equal(icon.status, 200);
    assert.equal(icon.headers.get("content-type"), type);
  }
});
