// Who may do what: a player with the game's table, and policies themselves.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item, plain } from "../../harness/items.ts";
import { person } from "../../harness/person.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { adminKv, client, startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const ann = await newUser(suite, "ann");
const kv = adminKv(suite);
const player = client(KeyValue, suite.url.kv, ann.accessToken);
const nobody = client(KeyValue, suite.url.kv);
const tableName = "game";

await kv.putItem({
  tableName,
  item: item({ pk: `view#${ann.sub}`, sk: "match#1", seen: 1 }),
});
await kv.putItem({
  tableName,
  item: item({ pk: "view#other", sk: "match#1", seen: 1 }),
});
await kv.putItem({
  tableName,
  item: item({ pk: "match#1", sk: "state", secret: 1 }),
});
await kv.putItem({
  tableName,
  item: item({ pk: "results#other", sk: "2026#1", won: true }),
});
await kv.putItem({
  tableName,
  item: item({
    pk: `player#${ann.sub}`,
    sk: "record#connect-four",
    board: "connect-four#1",
    score: 7,
  }),
});

const get = (pk: string, sk: string) =>
  player.getItem({ tableName, key: item({ pk, sk }) });
const query = (pk: string) =>
  player.query({
    tableName,
    keyConditionExpression: "pk = :pk",
    expressionAttributeValues: item({ ":pk": pk }),
  });

describe("a player", () => {
  it("reads the leaderboard", async () => {
    const { items } = await player.query({
      tableName,
      indexName: "leaderboard",
      keyConditionExpression: "board = :b",
      expressionAttributeValues: item({ ":b": "connect-four#1" }),
      scanIndexForward: false,
    });
    assert.deepEqual(
      items.map((row) => plain(row)["score"]),
      [7],
    );
  });
  it("reads anybody's results", async () => {
    assert.equal((await query("results#other")).count, 1);
  });
  it("reads an own view", async () => {
    assert.ok((await get(`view#${ann.sub}`, "match#1")).item);
    assert.equal((await query(`view#${ann.sub}`)).count, 1);
  });
  it("reads an own record", async () => {
    assert.ok((await get(`player#${ann.sub}`, "record#connect-four")).item);
  });
  it("reads nothing else", async () => {
    for (const [pk, sk] of [
      ["view#other", "match#1"],
      ["view#", "match#1"],
      ["match#1", "state"],
      ["player#other", "record#connect-four"],
      [`view#${ann.sub}x`, "match#1"],
    ] as const) {
      await refuses(get(pk, sk), "AccessDeniedException");
      await refuses(query(pk), "AccessDeniedException");
    }
    await refuses(player.scan({ tableName }), "AccessDeniedException");
    await refuses(
      player.transactGetItems({
        transactItems: [
          { get: { tableName, key: item({ pk: "match#1", sk: "state" }) } },
        ],
      }),
      "AccessDeniedException",
    );
    await refuses(
      player.batchGetItem({
        requestItems: {
          [tableName]: {
            keys: [
              item({ pk: `view#${ann.sub}`, sk: "match#1" }),
              item({ pk: "view#other", sk: "match#1" }),
            ],
          },
        },
      }),
      "AccessDeniedException",
    );
  });
  it("writes nothing, not even a check", async () => {
    const key = item({ pk: `view#${ann.sub}`, sk: "match#1" });
    for (const call of [
      () => player.putItem({ tableName, item: key }),
      () =>
        player.updateItem({
          tableName,
          key,
          updateExpression: "SET seen = :n",
          expressionAttributeValues: item({ ":n": 2 }),
        }),
      () => player.deleteItem({ tableName, key }),
      () =>
        player.batchWriteItem({
          requestItems: {
            [tableName]: { requests: [{ deleteRequest: { key } }] },
          },
        }),
      () =>
        player.transactWriteItems({
          transactItems: [
            {
              conditionCheck: {
                tableName,
                key,
                conditionExpression: "attribute_exists(pk)",
              },
            },
          ],
        }),
    ])
      await refuses(call(), "AccessDeniedException");
    assert.ok((await get(`view#${ann.sub}`, "match#1")).item);
  });
  it("learns nothing of tables and policies", async () => {
    for (const call of [
      () => player.listTables({}),
      () => player.createTable({ tableName: "mine" }),
      () => player.deleteTable({ tableName }),
      () =>
        player.getResourcePolicy({
          resourceArn: `arn:aws:dynamodb:${suite.region}:000000000000:table/game`,
        }),
      () =>
        player.putRolePolicy({
          roleName: "function:PlayMove",
          policyName: "x",
        }),
      () => player.getUsage({}),
      () => player.putUsage({}),
    ]) {
      const { code } = await refusal(call());
      assert.equal(code, Code.PermissionDenied);
    }
  });
  it("does not see the system's tables", async () => {
    for (const name of ["parlor.users", "parlor.keys", "parlor.sessions"])
      await refuses(
        player.getItem({
          tableName: name,
          key: item({ pk: "user#ann", sk: "x" }),
        }),
        "AccessDeniedException",
      );
  });
});

describe("an explanation", () => {
  const resourceArns = [
    `arn:aws:dynamodb:${suite.region}:000000000000:table/game`,
  ];
  const simulate = async (
    action: string,
    context: Record<string, string[]> = {},
    more: object = {},
  ) => {
    const { evaluationResults } = await kv.simulatePrincipalPolicy({
      policySourceArn: `user:${ann.sub}`,
      actionNames: [`dynamodb:${action}`],
      resourceArns,
      contextEntries: Object.entries(context).map(
        ([contextKeyName, contextKeyValues]) => ({
          contextKeyName: `dynamodb:${contextKeyName}`,
          contextKeyValues,
        }),
      ),
      ...more,
    });
    return evaluationResults[0] ?? assert.fail("nothing was evaluated");
  };

  it("says what allows", async () => {
    const got = await simulate("GetItem", { LeadingKeys: [`view#${ann.sub}`] });
    assert.equal(got.evalDecision, "allowed");
    const applies = got.statements.filter(({ mismatch }) => !mismatch);
    assert.deepEqual(
      applies.map(({ policy, sid, effect }) => [policy, sid, effect]),
      [["table game", "ResultsAndOwnItems", "Allow"]],
    );
  });
  it("says what does not, and for what", async () => {
    const got = await simulate("GetItem", { LeadingKeys: ["match#1"] });
    assert.equal(got.evalDecision, "implicitDeny");
    assert.match(got.reason, /because no policy allows it/);
    assert.deepEqual(
      got.statements.map(({ sid, mismatch }) => [sid, mismatch]),
      [
        ["Leaderboard", "Action"],
        ["ResultsAndOwnItems", "ForAllValues:StringLike dynamodb:LeadingKeys"],
      ],
    );
  });
  it("takes what is not given as all there is", async () => {
    const got = await simulate("Query");
    assert.equal(got.evalDecision, "implicitDeny");
  });
  it("knows a group's policies, by their names", async () => {
    const document = (effect: string, action: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: { Effect: effect, Action: action, Resource: "*" },
      });
    for (const [policyName, effect, action] of [
      ["tidy", "Allow", "dynamodb:Scan"],
      ["never", "Deny", "dynamodb:Delete*"],
    ] as const)
      await kv.putRolePolicy({
        roleName: "group:moderators",
        policyName,
        policyDocument: document(effect, action),
      });
    const groups = { groups: ["players", "moderators"] };
    assert.equal((await simulate("Scan")).evalDecision, "implicitDeny");
    const scan = await simulate("Scan", {}, groups);
    assert.equal(scan.evalDecision, "allowed");
    assert.deepEqual(
      scan.statements.find(({ mismatch }) => !mismatch)?.policy,
      "group:moderators tidy",
    );
    const drop = await simulate("DeleteItem", {}, groups);
    assert.equal(drop.evalDecision, "explicitDeny");
    const { policyNames } = await kv.listRolePolicies({
      roleName: "group:moderators",
    });
    assert.deepEqual(policyNames, ["tidy", "never"]);
  });
  it("is of whoever signs with an access key, and of the key", async () => {
    const { accessKey } = await kv.createAccessKey({
      userName: "service:reports",
    });
    const id = accessKey?.accessKeyId ?? assert.fail();
    await kv.putRolePolicy({
      roleName: `key:${id}`,
      policyName: "key",
      policyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Action: "dynamodb:GetItem",
          Resource: "*",
        },
      }),
    });
    const simulate = async (policySourceArn: string) => {
      const { evaluationResults } = await kv.simulatePrincipalPolicy({
        policySourceArn,
        actionNames: ["dynamodb:GetItem"],
        resourceArns,
      });
      return evaluationResults[0]?.evalDecision;
    };
    assert.equal(await simulate(`key:${id}`), "allowed");
    assert.equal(await simulate("service:reports"), "implicitDeny");
    await refuses(simulate("key:none"), "ValidationException");
  });
  it("is for administrators", async () => {
    const { code } = await refusal(
      player.simulatePrincipalPolicy({ policySourceArn: "user:x" }),
    );
    assert.equal(code, Code.PermissionDenied);
  });
  it("is printed", async () => {
    const admin = await person(suite, "admin");
    const { stdout: printed } = await admin.parlor([
      "kv",
      "policy",
      "explain",
      `user:${ann.sub}`,
      "GetItem",
      "game",
      "--keys",
      "match#1",
    ]);
    assert.match(printed, /^implicitDeny: user:/);
    assert.match(
      printed,
      /Allow table game, Statement\[1\] ResultsAndOwnItems: does not apply, for its ForAllValues:StringLike dynamodb:LeadingKeys\n/,
    );
  });
});

describe("nobody", () => {
  it("reads nothing", async () => {
    const { code } = await refusal(
      nobody.getItem({
        tableName,
        key: item({ pk: "results#other", sk: "2026#1" }),
      }),
    );
    assert.ok(code === Code.PermissionDenied || code === Code.Unauthenticated);
  });
});

describe("an administrator with a wrong secret", () => {
  it("is refused", async () => {
    const wrong = adminKv(suite, {
      ...suite.admin,
      secretAccessKey: "x".repeat(40),
    });
    await refuses(wrong.listTables({}), "InvalidSignatureException");
    const unknown = adminKv(suite, {
      ...suite.admin,
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    });
    await refuses(unknown.listTables({}), "UnrecognizedClientException");
  });
});

describe("resource policies", () => {
  const resourceArn = `arn:aws:dynamodb:${suite.region}:000000000000:table/shelf`;
  const policy = (...statements: object[]) =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const all = {
    Effect: "Allow",
    Principal: { Parlor: "user:*" },
    Action: "dynamodb:*",
    Resource: resourceArn,
  };
  const own = () =>
    player.getItem({ tableName: "shelf", key: item({ pk: "x" }) });

  it("are kept, given back, and hold at once", async () => {
    await kv.createTable({
      tableName: "shelf",
      attributeDefinitions: [{ attributeName: "pk", attributeType: "S" }],
      keySchema: [{ attributeName: "pk", keyType: "HASH" }],
      billingMode: "PAY_PER_REQUEST",
    });
    await refuses(own(), "AccessDeniedException");
    const { revisionId } = await kv.putResourcePolicy({
      resourceArn,
      policy: policy(all),
    });
    assert.ok(revisionId);
    const kept = await kv.getResourcePolicy({ resourceArn });
    assert.equal(kept.revisionId, revisionId);
    assert.deepEqual(JSON.parse(kept.policy), JSON.parse(policy(all)));
    await own();
  });
  it("deny in spite of what allows", async () => {
    await kv.putResourcePolicy({
      resourceArn,
      policy: policy(all, { ...all, Effect: "Deny", Action: "dynamodb:Get*" }),
    });
    await refuses(own(), "AccessDeniedException");
  });
  it("are refused where they are no policies", async () => {
    for (const bad of ["", "{", "[]", policy({ ...all, Action: "s3:*" })])
      await refuses(
        kv.putResourcePolicy({ resourceArn, policy: bad }),
        "ValidationException",
      );
  });
  it("go", async () => {
    await kv.deleteResourcePolicy({ resourceArn });
    await refuses(own(), "AccessDeniedException");
  });
});
