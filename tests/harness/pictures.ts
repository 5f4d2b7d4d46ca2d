// Pictures of every screen for docs/screens; script/screens runs it.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { newPhone, sizes, startBrowser } from "./phone.ts";
import { root } from "./process.ts";
import { visitScreens } from "./screens.ts";
import { startSuite } from "./suite.ts";

const folder = join(root, "docs/screens");
const suite = await startSuite();
const browser = await startBrowser();

await mkdir(folder, { recursive: true });
for (const colorScheme of ["light", "dark"] as const)
  for (const size of ["phone", "desktop"] as const) {
    const phone = await newPhone(browser, suite, {
      colorScheme,
      viewport: sizes[size],
      isMobile: size === "phone",
    });

    await visitScreens(browser, suite, phone, async (name) => {
      const path = join(folder, `${size}-${colorScheme}-${name}.png`);
      await phone.page.screenshot({ path });
    });
    await phone.close();
  }
await browser.close();
await suite.stop();
