// From guest to account, on to another device, and away.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { newPhone, shows, startBrowser, type Phone } from "../harness/phone.ts";
import { startSuite } from "../harness/suite.ts";
import { mailedCode, password } from "../harness/users.ts";

const suite = await startSuite();
const browser = await startBrowser();
after(async () => {
  await browser.close();
  await suite.stop();
});

const name = "ann";
const email = "ann@example.test";
const phone = await newPhone(browser, suite);
const { page } = phone;

async function fillIn(
  on: Phone,
  values: Readonly<Record<string, string>>,
  button: string,
): Promise<void> {
  for (const [field, value] of Object.entries(values))
    await on.page.locator(`input[name=${field}]`).fill(value);
  await on.page.locator("form").getByRole("button", { name: button }).tap();
}

/** Gives a match against the computer up, so that there is a result. */
async function loseOnce(): Promise<void> {
  await phone.visit("/");
  await page.getByRole("button", { name: "Easy" }).tap();
  await shows(phone, "Your turn");
  await page.getByRole("button", { name: "Resign" }).tap();
  await page.locator("dialog").getByText("Resign", { exact: true }).tap();
  await shows(phone, "You lost");
}

async function results(on: Phone): Promise<number> {
  await on.visit("/played");
  await on.page.locator(".lines a").first().waitFor();
  return on.page.locator(".lines a").count();
}

it("makes a guest with the first match", async () => {
  await phone.visit("/account");
  await shows(phone, "You have not played yet");
  await loseOnce();
  await phone.visit("/account");
  assert.match(await phone.heading(), /^Guest ....$/);
});

it("says what is wrong with a form", async () => {
  const trouble = page.locator(".trouble");

  await page.getByRole("link", { name: "Sign up" }).tap();
  await fillIn(
    phone,
    { username: name, email, password: "12345678" },
    "Sign up",
  );
  await trouble.getByText("too easy to guess").waitFor();
  await phone.visit("/account/sign-in");
  await fillIn(phone, { username: name, password }, "Sign in");
  await trouble.getByText("is wrong").waitFor();
});

it("turns the guest into an account, by mail", async () => {
  await phone.visit("/account/sign-up");
  await fillIn(phone, { username: name, email, password }, "Sign up");
  await shows(phone, "Look into your mail");
  await fillIn(phone, { code: "000000" }, "Confirm");
  await page.locator(".trouble").getByText("The code is wrong").waitFor();
  await fillIn(phone, { code: await mailedCode(suite, email) }, "Confirm");
  await shows(phone, /^ann$/);
});

it("keeps what the guest has played", async () => {
  assert.equal(await results(phone), 1);
  await loseOnce();
  assert.equal(await results(phone), 2);
});

it("goes on on another device", async () => {
  const other = await newPhone(browser, suite);

  await other.visit("/account/sign-in");
  await fillIn(other, { username: name, password }, "Sign in");
  await shows(other, "Four in a row");
  assert.equal(await results(other), 2);

  await other.visit("/account");
  await other.page.getByRole("button", { name: "Sign out" }).tap();
  await shows(other, "Four in a row");
  await other.visit("/account");
  await shows(other, "You have not played yet");
  assert.deepEqual(other.complaints, []);
  await other.close();
  assert.equal(await results(phone), 2, "the first one is still signed in");
});

it("tells the other tabs", async () => {
  const tab = await page.context().newPage();

  await tab.goto("/account");
  await tab.getByRole("heading", { name: "ann" }).waitFor();
  await phone.visit("/account");
  await page.getByRole("button", { name: "Sign out" }).tap();
  await tab.getByText("You have not played yet").waitFor();
  await tab.close();
  await phone.visit("/account/sign-in");
  await fillIn(phone, { username: name, password }, "Sign in");
  await shows(phone, "Four in a row");
});

it("keeps no password and no access token", async () => {
  const kept = await page.evaluate(() => JSON.stringify(localStorage));

  assert.ok(!kept.includes(password));
  assert.ok(!kept.includes("eyJ"), "a JWT begins so");
});

it("deletes the account with all that is known of it", async () => {
  await phone.visit("/account");
  await page.getByRole("button", { name: "Delete account" }).tap();
  await page.getByRole("button", { name: "Delete for good" }).tap();
  await page.getByText("All of it is gone").waitFor();
  await phone.visit("/account/sign-in");
  await fillIn(phone, { username: name, password }, "Sign in");
  await page.locator(".trouble").getByText("is wrong").waitFor();
  assert.deepEqual(phone.complaints, []);
});
