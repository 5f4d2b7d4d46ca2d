// What axe finds wrong with a page, and what a person would have to scroll to.
import { readFile } from "node:fs/promises";
import type axe from "axe-core";
import type { Page } from "playwright-core";

const source = await readFile(
  new URL("../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

/** The rules that are broken, with what breaks them. */
export async function broken(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const { violations } = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  )) as axe.AxeResults;

  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}

/** Does anything stand out of the window? */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate(
    "document.documentElement.scrollWidth > document.body.clientWidth",
  );
