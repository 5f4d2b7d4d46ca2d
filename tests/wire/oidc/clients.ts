// Clients that keep a secret, clients of other pools, and those without a user.
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  UpdateResourceServerCommand,
  type CreateUserPoolClientCommandInput,
  type UserPoolClientType,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oidc from "openid-client";
import { heading } from "../../harness/browser.ts";
import { administrator, throwsName } from "../../harness/cognito.ts";
import {
  begin,
  callback,
  discover,
  newBrowser,
  signInAt,
  startOidc,
} from "../../harness/oidc.ts";
import { readJwt } from "../../harness/tokens.ts";
import { mailedCode, password, signUp } from "../../harness/users.ts";

const suite = await startOidc();
await signUp(suite, "ada");
const admin = administrator(suite);

const matches = {
  UserPoolId: suite.userPoolId,
  Identifier: "matches",
  Name: "Matches",
};
/** Says which scopes the server has from now on. */
const rescope = (...names: string[]) =>
  admin.send(
    new UpdateResourceServerCommand({
      ...matches,
      Scopes: names.map((ScopeName) => ({ ScopeName, ScopeDescription: "…" })),
    }),
  );
await admin.send(new CreateResourceServerCommand(matches));
await rescope("read", "write");

async function newClient(
  more: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<UserPoolClientType> {
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId: suite.userPoolId,
      ClientName: "server",
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email"],
      CallbackURLs: [callback],
      ...more,
    }),
  );
  assert.ok(UserPoolClient);
  return UserPoolClient;
}

const configure = (
  { ClientId = "", ClientSecret }: UserPoolClientType,
  method: (secret: string) => oidc.ClientAuth = oidc.ClientSecretBasic,
  issuer = suite.issuer,
) =>
  oidc.discovery(
    new URL(issuer),
    ClientId,
    undefined,
    method(ClientSecret ?? ""),
    { execute: [oidc.allowInsecureRequests] },
  );

/** The app's request without a challenge, and its user's answer. */
async function codeOf(config: oidc.Configuration, more = {}) {
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: "openid email",
    ...more,
  });
  return new URL(await signInAt(newBrowser(suite), url.href, "ada"));
}

describe("a client with a secret", () => {
  for (const [name, method] of [
    ["in a header", oidc.ClientSecretBasic],
    ["in the form", oidc.ClientSecretPost],
  ] as const)
    it(`shows it ${name}, at each endpoint`, async () => {
      const config = await configure(await newClient(), method);
      const tokens = await oidc.authorizationCodeGrant(
        config,
        await codeOf(config),
      );
      const { refresh_token = "" } = tokens;
      assert.equal(tokens.claims()?.["email"], "ada@example.test");
      assert.ok((await oidc.refreshTokenGrant(config, refresh_token)).id_token);
      await oidc.tokenRevocation(config, refresh_token);
      await assert.rejects(oidc.refreshTokenGrant(config, refresh_token), {
        error: "invalid_grant",
      });
    });
  it("is nobody without it, or with another", async () => {
    const client = await newClient();
    const location = await codeOf(await configure(client));
    for (const method of [
      () => oidc.None(),
      () => oidc.ClientSecretPost("guess"),
      () => oidc.ClientSecretBasic("guess"),
    ])
      await assert.rejects(
        oidc.authorizationCodeGrant(await configure(client, method), location),
        (error: oidc.ResponseBodyError | oidc.WWWAuthenticateChallengeError) =>
          error.status === 401,
      );
  });
  it("gets no code of another's, and none that lost its challenge", async () => {
    const [one, other] = await Promise.all([newClient(), newClient()]);
    await assert.rejects(
      oidc.authorizationCodeGrant(
        await configure(other),
        await codeOf(await configure(one)),
      ),
      { error: "invalid_grant" },
    );
    const config = await configure(one);
    const verifier = oidc.randomPKCECodeVerifier();
    const challenge = {
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    await assert.rejects(
      oidc.authorizationCodeGrant(config, await codeOf(config), {
        pkceCodeVerifier: verifier,
      }),
      { error: "invalid_grant" },
    );
    await assert.rejects(
      oidc.authorizationCodeGrant(config, await codeOf(config, challenge)),
      { error: "invalid_grant" },
    );
    assert.ok(
      await oidc.authorizationCodeGrant(
        config,
        await codeOf(config, challenge),
        { pkceCodeVerifier: verifier },
      ),
    );
  });
});

describe("a client without a user", () => {
  const newMachine = () =>
    newClient({
      AllowedOAuthFlows: ["client_credentials"],
      AllowedOAuthScopes: ["matches/read", "matches/write"],
      CallbackURLs: [],
    });

  it("gets a token of its own, with what it has been given", async () => {
    const client = await newMachine();
    const config = await configure(client);
    const rows: [Record<string, string>, string][] = [
      [{ scope: "matches/read" }, "matches/read"],
      [{}, "matches/read matches/write"],
    ];
    for (const [asked, scope] of rows) {
      const tokens = await oidc.clientCredentialsGrant(config, asked);
      const keys = createRemoteJWKSet(
        new URL(config.serverMetadata().jwks_uri ?? ""),
      );
      const { payload } = await jwtVerify(tokens.access_token, keys, {
        issuer: suite.issuer,
      });
      assert.deepEqual(
        [payload.sub, payload["client_id"], payload["scope"]],
        [client.ClientId, client.ClientId, scope],
      );
      assert.equal(payload["token_use"], "access");
      assert.equal(payload["username"], undefined);
      assert.deepEqual(
        [tokens.scope, tokens.refresh_token, tokens.id_token],
        [scope, undefined, undefined],
      );
    }
  });
  it("gets no more, and is no user", async () => {
    const config = await configure(await newMachine());
    for (const scope of ["openid", "matches/delete", "matches/read openid"])
      await assert.rejects(oidc.clientCredentialsGrant(config, { scope }), {
        error: "invalid_scope",
      });
    const app = await configure(await newClient());
    await assert.rejects(oidc.clientCredentialsGrant(app), {
      error: "unauthorized_client",
    });
    const { access_token } = await oidc.clientCredentialsGrant(config);
    await assert.rejects(oidc.fetchUserInfo(config, access_token, "x"));
    await throwsName(
      admin.send(new GetUserCommand({ AccessToken: access_token })),
      "NotAuthorizedException",
    );
  });
});

describe("a scope of a resource server", () => {
  it("is asked for beside a user's, and told in the access token", async () => {
    const scope = "openid matches/read";
    const config = await configure(
      await newClient({ AllowedOAuthScopes: ["openid", "matches/read"] }),
    );
    const tokens = await oidc.authorizationCodeGrant(
      config,
      await codeOf(config, { scope }),
    );
    assert.equal(tokens.scope, scope);
    assert.equal(readJwt(tokens.access_token).claims["scope"], scope);
    // it opens what is the server's, and nothing of the user's own
    await throwsName(
      admin.send(new GetUserCommand({ AccessToken: tokens.access_token })),
      "NotAuthorizedException",
      /scopes/,
    );
  });
  it("is given to nobody any more once it has gone", async () => {
    const scopes = ["matches/read", "matches/write"];
    const machine = await configure(
      await newClient({
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: scopes,
        CallbackURLs: [],
      }),
    );
    await rescope("read");
    assert.equal(
      (await oidc.clientCredentialsGrant(machine)).scope,
      "matches/read",
    );
    await assert.rejects(
      oidc.clientCredentialsGrant(machine, { scope: "matches/write" }),
      { error: "invalid_scope" },
    );
    await rescope("read", "write");
  });
});

describe("a client", () => {
  it("has its own addresses, scopes and flows", async () => {
    const client = await newClient({ CallbackURLs: ["https://app.test/"] });
    const ask = (more: Record<string, string>) =>
      newBrowser(suite).ask(
        `/oauth2/authorize?${new URLSearchParams({
          response_type: "code",
          client_id: client.ClientId ?? "",
          ...more,
        }).toString()}`,
      );
    assert.equal((await ask({ redirect_uri: callback })).status, 400);
    const profile = await ask({
      redirect_uri: "https://app.test/",
      scope: "openid profile",
    });
    assert.match(profile.location ?? "", /error=invalid_scope/);
    const none = await newClient({
      AllowedOAuthFlowsUserPoolClient: false,
      CallbackURLs: ["https://app.test/"],
    });
    const refused = await ask({
      client_id: none.ClientId ?? "",
      redirect_uri: "https://app.test/",
    });
    assert.match(refused.location ?? "", /error=unauthorized_client/);
  });
  it("is given no address that a browser should not be sent to", async () => {
    for (const url of [
      "http://app.test/",
      "https://app.test/#x",
      "javascript:x",
    ])
      await throwsName(
        newClient({ CallbackURLs: [url] }),
        "InvalidParameterException",
        /callbackURLs/,
      );
  });
});

describe("another pool", () => {
  it("has its own users, pages and tokens", async () => {
    const { UserPool } = await admin.send(
      new CreateUserPoolCommand({
        PoolName: "club",
        AutoVerifiedAttributes: ["email"],
      }),
    );
    const client = await newClient({
      UserPoolId: UserPool?.Id,
      GenerateSecret: false,
    });
    const issuer = suite.issuer.replace(suite.userPoolId, UserPool?.Id ?? "");
    const config = await configure(client, () => oidc.None(), issuer);
    const asked = await begin(config, { scope: "openid email" });
    const browser = newBrowser(suite);
    const page = await browser.visit(asked.url);
    const user = { username: "ada", password };
    assert.equal((await browser.submit(page, user)).status, 400);
    const signUpPage = await browser.visit(
      `/signup?${new URL(asked.url).searchParams.toString()}`,
    );
    const confirm = await browser.submit(signUpPage, {
      ...user,
      email: "club@example.test",
    });
    assert.equal(heading(confirm), "Confirm your account");
    const again = await browser.submit(confirm, {
      code: await mailedCode(suite, "club@example.test"),
    });
    const { location = "" } = await browser.submit(again, { password });
    const tokens = await asked.redeem(location);
    assert.equal(tokens.claims()?.iss, issuer);
    assert.equal(tokens.claims()?.["email"], "club@example.test");
    // who has signed in there is nobody to a client of ours
    const ours = await begin(await discover(suite), { prompt: "none" });
    assert.match(
      (await browser.visit(ours.url)).location ?? "",
      /error=login_required/,
    );
    // somebody may sign in here besides, and out: each pool has its own cookies
    const theirs = await begin(config, { scope: "openid", prompt: "none" });
    const silent = (url: string) =>
      browser.visit(url).then((shown) => shown.location ?? "");
    const home = await begin(await discover(suite));
    await signInAt(browser, home.url, "ada");
    assert.match(await silent(ours.url), /code=/);
    assert.match(await silent(theirs.url), /code=/);
    const cookies = new Map(browser.cookies);
    await browser.visit(`/logout?client_id=${client.ClientId ?? ""}`);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    assert.match(await silent(theirs.url), /error=login_required/);
    assert.match(await silent(ours.url), /code=/);
  });
});
