// Every listener of the suite under hostile input.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { outlives } from "../../harness/hostile.ts";
import {
  daemonNames,
  startSuite,
  type DaemonName,
} from "../../harness/suite.ts";

const suite = await startSuite();
after(() => suite.stop());

/** A method of each that asks for no token, or says so. */
const paths: Record<DaemonName, string> = {
  kv: "/parlor.kv.v1.KeyValue/GetItem",
  auth: "/parlor.auth.v1.UserPool/InitiateAuth",
  game: "/parlor.game.v1.Matches/GetMatch",
  gateway: "/parlor.game.v1.Matches/GetMatch",
};

for (const name of daemonNames)
  describe(`the listener of parlor-${name}`, { concurrency: true }, () => {
    outlives(
      () => suite.url[name],
      paths[name],
      () => suite.programs.get(name)?.child.exitCode === null,
    );
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
