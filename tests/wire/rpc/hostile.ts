// The test service under hostile input.
import { after, describe } from "node:test";
import { startEcho } from "../../harness/echo.ts";
import { outlives } from "../../harness/hostile.ts";

const echo = await startEcho();
after(() => echo.program.end());

describe("the listener of the test service", { concurrency: true }, () => {
  outlives(
    () => echo.baseUrl,
    "/parlor.test.v1.Echo/Change",
    () => echo.program.child.exitCode === null,
  );
});
