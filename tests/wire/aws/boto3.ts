// Debian's boto3, unmodified, in a process of its own.
import { it } from "node:test";
import { join } from "node:path";
import { startAws } from "../../harness/aws.ts";
import { root } from "../../harness/process.ts";
import { run } from "../../harness/suite.ts";

const { suite } = await startAws();

it("boto3 does all it does with AWS", async () => {
  await run(
    "/usr/bin/python3",
    [join(root, "tests/wire/aws/snakes.py"), suite.url.kv],
    {
      AWS_ACCESS_KEY_ID: suite.admin.accessKeyId,
      AWS_SECRET_ACCESS_KEY: suite.admin.secretAccessKey,
      AWS_DEFAULT_REGION: suite.region,
    },
  );
});
