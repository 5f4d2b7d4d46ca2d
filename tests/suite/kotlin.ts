// The sample for phones, where there is a Kotlin compiler: made from proto/ as
// clients/README.md says, it plays a match as a guest.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { root } from "../harness/process.ts";
import { run, startSuite } from "../harness/suite.ts";

const jars = ["protobuf", "gson"].map((name) => `/usr/share/java/${name}.jar`);
const missing = ["kotlinc", "javac"].filter(
  (program) => spawnSync(program, ["-version"]).error,
);
const skip = missing.length > 0 && `${missing.join(" and ")} not installed`;

it("plays as a guest, in Kotlin", { skip }, async () => {
  const suite = await startSuite();
  const out = await mkdtemp(join(tmpdir(), "parlor-kotlin-"));
  after(async () => {
    await suite.stop();
    await rm(out, { recursive: true });
  });
  await run(join(root, "clients/kotlin/build"), [out]);
  const said = await run("java", [
    "-cp",
    [join(out, "guest.jar"), ...jars].join(":"),
    "parlor.sample.GuestKt",
    suite.url.gateway,
  ]);

  assert.match(
    said,
    /^match \S+\nMATCH_STATUS_(WON|DRAWN) after \d+ moves; results: 1\n$/,
  );
});
