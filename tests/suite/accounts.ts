// From a guest's first match to a deleted account, typed as a player would.
import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, it } from "node:test";
import { person, type Outcome, type Person } from "../harness/person.ts";
import { startSuite } from "../harness/suite.ts";
import { mailedCode, password } from "../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());

const DONE = 0;
const REFUSED = 1;
const UNUSABLE = 2;

function expect(outcome: Outcome, status: number, words?: RegExp): void {
  assert.equal(outcome.status, status, outcome.stderr || outcome.stdout);
  if (words) assert.match(outcome.stdout + outcome.stderr, words);
}

interface Profile {
  readonly username: string;
  readonly sub: string;
}
const fileOf = ({ home }: Person) => join(home, "profiles/default.json");
const profileOf = async (player: Person) =>
  JSON.parse(await readFile(fileOf(player), "utf8")) as Profile;

const gus = await person(suite, "gus");
const hal = await person(suite, "hal");

it("signs a guest in under a name that is drawn", async () => {
  for (const player of [gus, hal])
    expect(
      await player.parlor(["sign-in", "--guest"]),
      DONE,
      /^signed in as guest-[a-z2-9]{10}\n$/,
    );
  expect(await gus.parlor(["whoami"]), DONE, /^guest-/);
});

it("wants either a name or a guest", async () => {
  expect(await gus.parlor(["sign-in"]), UNUSABLE, /--guest/);
  expect(await gus.parlor(["sign-in", "gus", "--guest"]), UNUSABLE);
  expect(await gus.parlor(["whoami", "--guest"]), UNUSABLE, /option/);
});

it("lets guests play", async () => {
  const { match } = await gus.ask<{ match: { matchId: string } }>([
    "match",
    "create",
    "connect-four",
  ]);
  expect(await hal.parlor(["match", "join", match.matchId]), DONE);
  for (const [at, column] of [..."0101010"].entries())
    expect(
      await (at % 2 ? hal : gus).parlor([
        "match",
        "move",
        match.matchId,
        column,
      ]),
      DONE,
    );
  expect(await gus.parlor(["results"]), DONE, /won +against guest-/);
});

it("keeps matches and sign-in when the guest signs up", async () => {
  const guest = await profileOf(gus);
  expect(
    await gus.parlor(
      ["sign-up", "gus", "--email", "gus@example.test", "--password-stdin"],
      `${password}\n`,
    ),
    DONE,
    /parlor confirm gus CODE/,
  );
  expect(await gus.parlor(["whoami"]), DONE, /^guest-/);
  expect(
    await gus.parlor([
      "confirm",
      "gus",
      await mailedCode(suite, "gus@example.test"),
    ]),
    DONE,
    /^signed in as gus\n$/,
  );
  assert.equal((await profileOf(gus)).sub, guest.sub);
  expect(await gus.parlor(["whoami"]), DONE, /^gus\n/);
  expect(await gus.parlor(["results"]), DONE, /won +against guest-/);
});

it("signs in elsewhere and finds the same", async () => {
  const phone = await person(suite, "phone");
  expect(
    await phone.parlor(["sign-in", "gus", "--password-stdin"], `${password}\n`),
    DONE,
  );
  expect(await phone.parlor(["results"]), DONE, /won +against guest-/);
});

it("signs up from no profile, or another's, as anybody", async () => {
  const ivy = await person(suite, "ivy");
  for (const [player, name] of [
    [ivy, "ivy"],
    [gus, "jan"],
  ] as const) {
    expect(
      await player.parlor(
        [
          "sign-up",
          name,
          "--email",
          `${name}@example.test`,
          "--password-stdin",
        ],
        `${password}\n`,
      ),
      DONE,
    );
    expect(
      await player.parlor([
        "confirm",
        name,
        await mailedCode(suite, `${name}@example.test`),
      ]),
      DONE,
      new RegExp(`^${name} is ready: parlor sign-in ${name}\n$`),
    );
  }
  expect(await gus.parlor(["whoami"]), DONE, /^gus\n/);
});

it("deletes the account, and what the game knows of it", async () => {
  const { sub } = await profileOf(gus);
  expect(await gus.parlor(["delete-account"]), DONE, /^gus is deleted\n$/);
  await assert.rejects(access(fileOf(gus)));
  expect(await gus.parlor(["delete-account"]), REFUSED, /nobody is signed in/);
  expect(
    await gus.parlor(["sign-in", "gus", "--password-stdin"], `${password}\n`),
    REFUSED,
    /Incorrect username or password/,
  );
  const board = await hal.parlor(["leaderboard"]);
  assert.doesNotMatch(board.stdout, /gus/);
  assert.doesNotMatch(board.stdout, new RegExp(sub));
});
