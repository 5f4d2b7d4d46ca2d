// How many there may be of what administrators make.
import {
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  DeleteGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { putClients, setAll } from "../../harness/pool.ts";

const { suite } = await startCognito();
const UserPoolId = suite.userPoolId;
const admin = administrator(suite);

const create = (GroupName: string) =>
  admin.send(new CreateGroupCommand({ UserPoolId, GroupName }));
const remove = (GroupName: string) =>
  admin.send(new DeleteGroupCommand({ UserPoolId, GroupName }));

describe("a pool", () => {
  it("has ten thousand groups at most", async () => {
    await create("first");
    await setAll(suite, "parlor.users", "counts", "how_many", 9999);
    await create("last");
    await throwsName(
      create("another"),
      "LimitExceededException",
      /^The user pool has 10000 groups already\.$/,
    );
    await throwsName(create("last"), "GroupExistsException");
    await remove("last");
    await create("another");
    await throwsName(remove("last"), "ResourceNotFoundException");
    await throwsName(create("last"), "LimitExceededException");
  });
  it("has a thousand clients at most", async () => {
    const another = () =>
      admin.send(
        new CreateUserPoolClientCommand({ UserPoolId, ClientName: "app" }),
      );
    await putClients(suite, 999);
    await another();
    await throwsName(
      another(),
      "LimitExceededException",
      /^The user pool has 1000 clients already\.$/,
    );
  });
});
