// What a server checks an app's tokens with: AWS's aws-jwt-verify, unmodified.
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CognitoJwtVerifier, JwtRsaVerifier } from "aws-jwt-verify";
import { JwtInvalidClaimError } from "aws-jwt-verify/error";
import { SimpleJwksCache, type Jwks } from "aws-jwt-verify/jwk";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import * as oidc from "openid-client";
import { administrator } from "../../harness/cognito.ts";
import { startOidc } from "../../harness/oidc.ts";
import { startSuite } from "../../harness/suite.ts";
import { refresh, signIn, signUp } from "../../harness/users.ts";

/** It fetches by https alone of itself, and lets us fetch for it. */
const jwksCache = () =>
  new SimpleJwksCache({
    fetcher: {
      fetch: async (uri) => (await fetch(uri)).arrayBuffer(),
    },
  });

describe("its verifier of any issuer's tokens", async () => {
  const suite = await startOidc();
  const { issuer, clientId } = suite;
  const sub = await signUp(suite, "ada");
  const { accessToken, idToken } = await signIn(suite, "ada");
  const jwksUri = `${issuer}/.well-known/jwks.json`;

  it("takes an ID token for its audience", async () => {
    const verifier = JwtRsaVerifier.create(
      { issuer, audience: clientId, jwksUri },
      { jwksCache: jwksCache() },
    );
    assert.equal((await verifier.verify(idToken)).sub, sub);
    await assert.rejects(verifier.verify(accessToken), JwtInvalidClaimError);
    const [header, payload, signature = ""] = idToken.split(".");
    const other = signature.replace(/^./, (c) => (c === "A" ? "B" : "A"));
    await assert.rejects(verifier.verify([header, payload, other].join(".")));
  });
  it("takes a client's own token for its scope", async () => {
    const admin = administrator(suite);
    const UserPoolId = suite.userPoolId;
    await admin.send(
      new CreateResourceServerCommand({
        UserPoolId,
        Identifier: "https://api.test",
        Name: "An API",
        Scopes: [{ ScopeName: "read", ScopeDescription: "to read" }],
      }),
    );
    const { UserPoolClient } = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "machine",
        GenerateSecret: true,
        AccessTokenValidity: 7,
        TokenValidityUnits: { AccessToken: "minutes" },
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: ["https://api.test/read"],
      }),
    );
    const config = await oidc.discovery(
      new URL(issuer),
      UserPoolClient?.ClientId ?? "",
      UserPoolClient?.ClientSecret,
      undefined,
      { execute: [oidc.allowInsecureRequests] },
    );
    const tokens = await oidc.clientCredentialsGrant(config);
    assert.equal(tokens.expires_in, 7 * 60);
    const verifier = JwtRsaVerifier.create(
      { issuer, audience: null, jwksUri, scope: "https://api.test/read" },
      { jwksCache: jwksCache() },
    );
    const got = await verifier.verify(tokens.access_token);
    assert.equal(Number(got.exp) - Number(got.iat), 7 * 60);
    assert.equal(got["version"], 2);
    await assert.rejects(verifier.verify(accessToken), JwtInvalidClaimError);
  });
});

// It makes the issuer of the pool's id, as Cognito has it. Where ours is called
// the same, its tokens are Cognito's.
describe("its verifier of Cognito's tokens", async () => {
  const userPoolId = "eu-west-1_AbCdEfGhI";
  const suite = await startSuite(["kv", "auth"], {
    PARLOR_SUITE_USER_POOL_ID: userPoolId,
    PARLOR_SUITE_ISSUER: `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`,
  });
  after(() => suite.stop());
  await signUp(suite, "ada");
  const { clientId } = suite;
  const tokens = await signIn(suite, "ada");
  const answer = await fetch(
    `${suite.url.auth}/${userPoolId}/.well-known/jwks.json`,
  );
  const jwks = (await answer.json()) as Jwks;

  const verifier = (tokenUse: "access" | "id", more = {}) => {
    const made = CognitoJwtVerifier.create({
      userPoolId,
      clientId,
      tokenUse,
      ...more,
    });
    made.cacheJwks(jwks);
    return made;
  };

  it("takes access and ID tokens, each for what it is", async () => {
    const access = await verifier("access", {
      scope: "aws.cognito.signin.user.admin",
    }).verify(tokens.accessToken);
    const id = await verifier("id").verify(tokens.idToken);
    assert.deepEqual(
      [access.username, id["cognito:username"], id.sub],
      ["ada", "ada", access.sub],
    );
    const renewed = await refresh(suite, tokens.refreshToken);
    await verifier("access").verify(renewed.accessToken);
    await assert.rejects(verifier("id").verify(tokens.accessToken));
    await assert.rejects(verifier("access").verify(tokens.idToken));
    for (const more of [{ clientId: "another" }, { scope: "openid" }])
      await assert.rejects(verifier("access", more).verify(tokens.accessToken));
  });
});
