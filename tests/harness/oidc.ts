// An app that signs its users in by OpenID Connect, as openid-client does it.
import assert from "node:assert/strict";
import { after } from "node:test";
import * as oidc from "openid-client";
import { Browser, type Shown } from "./browser.ts";
import { startSuite, type Suite } from "./suite.ts";
import { password } from "./users.ts";

/** Nobody listens there: a browser of ours stops when it is sent there. */
export const callback = "http://127.0.0.1:9/callback";
export const others = [
  "com.example.app:/callback",
  "https://app.test/in?app=1",
];
export const goodbye = "http://127.0.0.1:9/bye";
export const scope = "openid email profile aws.cognito.signin.user.admin";

/** The store and the pool, whose client such an app is. */
export async function startOidc(env: NodeJS.ProcessEnv = {}): Promise<Suite> {
  const suite = await startSuite(["kv", "auth"], {
    PARLOR_AUTH_CALLBACK_URLS: [callback, ...others].join(","),
    PARLOR_AUTH_LOGOUT_URLS: goodbye,
    ...env,
  });
  after(() => suite.stop());
  return suite;
}

export const discover = (suite: Suite) =>
  oidc.discovery(
    new URL(suite.issuer),
    suite.clientId,
    undefined,
    oidc.None(),
    { execute: [oidc.allowInsecureRequests] },
  );

/** What the app remembers while its user is away, and where it sends the user. */
export async function begin(
  config: oidc.Configuration,
  more: Record<string, string> = {},
) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...more,
  });
  return {
    url: url.href,
    /** Takes the code out of the address, and the tokens for it. */
    redeem: (location: string) =>
      oidc.authorizationCodeGrant(config, new URL(location), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      }),
    verifier,
    state,
    nonce,
  };
}

/** Where a browser is sent once its user has given a password. */
export async function signInAt(
  browser: Browser,
  url: string,
  username: string,
): Promise<string> {
  const shown: Shown = await browser.submit(await browser.visit(url), {
    username,
    password,
  });
  assert.equal(shown.status, 303, shown.html);
  assert.ok(shown.location);
  return shown.location;
}

export const newBrowser = (suite: Suite) => new Browser(suite.url.auth);
