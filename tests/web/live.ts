// A match goes on through all that happens to phones, networks and servers.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import {
  lie,
  newPhone,
  shows,
  startBrowser,
  type Phone,
} from "../harness/phone.ts";
import { cannotWait, later } from "../harness/later.ts";
import { daemonNames, startSuite } from "../harness/suite.ts";

const suite = await startSuite();
const browser = await startBrowser();
after(async () => {
  await browser.close();
  await suite.stop();
});

const ann = await newPhone(browser, suite);
const bob = await newPhone(browser, suite);
let moves = 0;

/** The next move of the match: ann and bob take turns. */
async function move(): Promise<void> {
  const [from, to] = moves % 2 ? [bob, ann] : [ann, bob];

  await from.tap([0, 1, 2, 3, 4, 5, 6][moves % 7] ?? 0);
  moves++;
  await shows(to, "Your turn");
  for (const phone of [ann, bob]) await allLie(phone);
}

/** Ann's discs are those of the even moves. */
async function allLie(phone: Phone): Promise<void> {
  const first = Math.ceil(moves / 2);
  const second = moves - first;

  await (phone === ann ? lie(ann, first, second) : lie(bob, second, first));
}

const offline = (phone: Phone) =>
  phone.page.getByText("Not connected").first().waitFor();

it("begins", async () => {
  await ann.visit("/");
  await ann.page.getByRole("button", { name: "Challenge a friend" }).tap();
  await shows(ann, "Send this link");
  await bob.visit(new URL(ann.page.url()).pathname);
  await bob.page.getByRole("button", { name: "Play" }).tap();
  await shows(ann, "Your turn");
  await move();
});

it("survives a gateway that is killed", async () => {
  await suite.kill("gateway");
  await offline(ann);
  await suite.start("gateway");
  await move();
  await move();
});

it("sends a move that was made without a gateway", async () => {
  await suite.kill("gateway");
  await bob.tap(6);
  moves++;
  await suite.start("gateway");
  await shows(ann, "Your turn");
  await lie(ann, 2, 2);
});

it("survives a gateway that drains", async () => {
  await suite.kill("gateway", "SIGTERM");
  await suite.start("gateway");
  await move();
});

it(
  "survives two hours in the pocket: its token has expired",
  { skip: cannotWait },
  async () => {
    let refused = 0;
    let renewed = 0;

    ann.page.on("response", (response) => {
      if (response.status() === 401) refused++;
      if (response.url().endsWith("/InitiateAuth")) renewed++;
    });
    for (const name of [...daemonNames].reverse()) await suite.kill(name);
    for (const name of daemonNames) await suite.start(name, later("+2h"));
    await move();
    await move();
    assert.ok(refused > 0 && renewed > 0);
  },
);

it("survives a network that is cut", async () => {
  const [first, second] = moves % 2 ? [bob, ann] : [ann, bob];

  await second.page.context().setOffline(true);
  await offline(second);
  await first.tap(5);
  moves++;
  await second.page.context().setOffline(false);
  await shows(second, "Your turn");
  await allLie(second);
});

it("goes on by asking where streams don't pass", async () => {
  await bob.page.route("**/WatchMatch", () => undefined); // never answered
  await bob.page.reload();
  await shows(bob, /turn/);
  await move();
  await move();
  await bob.page.unrouteAll({ behavior: "ignoreErrors" });
});

it("shows the last state without a network", async () => {
  await ann.page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await ann.page.context().setOffline(true);
  await ann.page.reload();
  await shows(ann, /turn/);
  await offline(ann);
  await allLie(ann);
  await ann.page.context().setOffline(false);
  assert.deepEqual(ann.complaints, []);
  assert.deepEqual(bob.complaints, []);
});
