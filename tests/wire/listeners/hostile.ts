// Every listener of the suite, and the test service's, under hostile input.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { startEcho } from "../../harness/echo.ts";
import { outlives, outwaits, type Listener } from "../../harness/hostile.ts";
import {
  daemonNames,
  startSuite,
  type DaemonName,
} from "../../harness/suite.ts";

const suite = await startSuite();
const echo = await startEcho();
after(async () => {
  try {
    await suite.stop();
  } finally {
    await echo.program.end();
  }
});

/** A method of each that asks for no token, or says so. */
const paths: Record<DaemonName, string> = {
  kv: "/parlor.kv.v1.KeyValue/GetItem",
  auth: "/parlor.auth.v1.UserPool/InitiateAuth",
  game: "/parlor.game.v1.Matches/GetMatch",
  gateway: "/parlor.game.v1.Matches/GetMatch",
};

const listeners = new Map<string, Listener>();
for (const name of daemonNames)
  listeners.set(`parlor-${name}`, {
    url: () => suite.url[name],
    path: paths[name],
    isAlive: () => suite.programs.get(name)?.child.exitCode === null,
  });
listeners.set("the test service", {
  url: () => echo.baseUrl,
  path: "/parlor.test.v1.Echo/Change",
  isAlive: () => echo.program.child.exitCode === null,
});

for (const [name, listener] of listeners)
  describe(`the listener of ${name}`, { concurrency: true }, () => {
    outlives(listener);
  });

// one wait for all
describe("the listeners' patience", { concurrency: true }, () => {
  for (const [name, listener] of listeners)
    describe(`of ${name}`, () => {
      outwaits(listener);
    });
});

describe("the admin listeners", () => {
  for (const name of daemonNames)
    it(`parlor-${name}'s says how it is`, async () => {
      const answer = await fetch(`${suite.adminUrl[name]}/metrics`);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /^# TYPE /m);
    });
});

describe("the public listeners", () => {
  for (const name of daemonNames)
    it(`parlor-${name}'s has no metrics`, async () => {
      const answer = await fetch(`${suite.url[name]}/metrics`);
      assert.ok(answer.status === 404 || answer.status === 401);
      assert.doesNotMatch(await answer.text(), /# TYPE/);
    });
});
