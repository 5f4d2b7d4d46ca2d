// The pool's own pages on a phone, as an app's user sees them.
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AssociateSoftwareTokenCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import * as oidc from "openid-client";
import type { BrowserContextOptions } from "playwright-core";
import { broken, overflows } from "../harness/axe.ts";
import { administrator, cognito } from "../harness/cognito.ts";
import { discover } from "../harness/oidc.ts";
import { newPhone, sizes, startBrowser, type Phone } from "../harness/phone.ts";
import { newClient, newPool } from "../harness/pools.ts";
import { startSuite, type Suite } from "../harness/suite.ts";
import { totpCode, wrongCode } from "../harness/totp.ts";
import {
  mailedCode,
  password,
  signUp,
  signIn as tokensOf,
} from "../harness/users.ts";

// The app: a page that a browser comes back to.
const app = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html");
  answer.end("<!doctype html><title>App</title><main><h1>App</h1></main>");
});
await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
const home = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
const callback = `${home}/callback`;

const browser = await startBrowser();
const suites: Suite[] = [];
after(async () => {
  await browser.close();
  app.close();
  for (const suite of suites) await suite.stop();
});

async function start(env: NodeJS.ProcessEnv = {}) {
  const suite = await startSuite(["kv", "auth"], {
    PARLOR_AUTH_CALLBACK_URLS: callback,
    PARLOR_AUTH_LOGOUT_URLS: home,
    ...env,
  });
  suites.push(suite);
  return suite;
}

const suite = await start();
const config = await discover(suite);

/** A phone at the app's request; what it comes back with. */
async function visitor(
  of: Suite = suite,
  options: BrowserContextOptions = {},
  more: Record<string, string> = {},
) {
  const phone = await newPhone(browser, of, {
    baseURL: of.url.auth,
    ...options,
  });
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const metadata = of === suite ? config : await discover(of);
  const url = oidc.buildAuthorizationUrl(metadata, {
    redirect_uri: callback,
    scope: "openid email",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    ...more,
  });
  await phone.visit(url.href);
  return {
    phone,
    url: url.href,
    tokens: () =>
      oidc.authorizationCodeGrant(metadata, new URL(phone.page.url()), {
        pkceCodeVerifier: verifier,
        expectedState: state,
      }),
  };
}

/** Presses a button or a link, and waits for the page that it leads to. */
async function press(
  phone: Phone,
  name: string,
  role: "button" | "link" = "button",
) {
  const arrived = phone.page.waitForEvent("load");
  await phone.page.getByRole(role, { name, exact: true }).click();
  await arrived;
}
async function fill(phone: Phone, fields: Record<string, string>) {
  for (const [label, value] of Object.entries(fields))
    await phone.page.getByLabel(label, { exact: true }).fill(value);
}
async function signIn(phone: Phone, username: string, secret = password) {
  await fill(phone, { Username: username, Password: secret });
  await press(phone, "Sign in");
}
/** Is the page what it should be for everybody? axe itself wants to run. */
async function isGood(phone: Phone, expected: string, runs = true) {
  assert.equal(await phone.heading(), expected);
  if (!runs) return;
  assert.deepEqual(await broken(phone.page), [], expected);
  assert.equal(await overflows(phone.page), false, expected);
}
const message = (phone: Phone) => phone.page.getByRole("alert").textContent();

for (const [what, options] of [
  ["in the light", { colorScheme: "light" }],
  ["without script", { javaScriptEnabled: false }],
  [
    "in the dark, on a small phone",
    { colorScheme: "dark", viewport: sizes.small },
  ],
] as const)
  it(`a new user walks through, ${what}`, async () => {
    const name = `eve-${what.length}`;
    const email = `${name}@example.test`;
    const { phone, url, tokens } = await visitor(suite, options);
    const runs = !("javaScriptEnabled" in options);
    const good = (expected: string) => isGood(phone, expected, runs);
    await good("Sign in");
    await press(phone, "Sign up", "link");
    await good("Sign up");
    const filled = { Username: name, "E-mail address": email };
    await fill(phone, { ...filled, Password: "short" });
    await press(phone, "Sign up");
    await good("Sign up");
    assert.match((await message(phone)) ?? "", /Password not long enough/);
    await fill(phone, { Password: password });
    await press(phone, "Sign up");
    await good("Confirm your account");
    const code = await mailedCode(suite, email);
    await fill(phone, { "Code from the mail": wrongCode(code) });
    await press(phone, "Confirm");
    assert.match((await message(phone)) ?? "", /Invalid verification code/);
    await press(phone, "Send another code");
    await good("Confirm your account");
    await fill(phone, {
      "Code from the mail": await mailedCode(suite, email),
    });
    await press(phone, "Confirm");
    await good("Sign in");
    await signIn(phone, name, "Wrong-horse-7");
    await good("Sign in");
    await signIn(phone, name);
    assert.equal(await phone.heading(), "App");
    assert.equal((await tokens()).claims()?.["email"], email);

    await phone.visit(url); // and the browser knows its user from now on
    assert.equal(await phone.heading(), "App");
    await phone.visit("/logout");
    await good("Signed out");
    await phone.visit(url);
    assert.equal(await phone.heading(), "Sign in");
    assert.deepEqual(phone.complaints, []);
    assert.deepEqual(
      [...phone.contacted].sort(),
      [home, suite.url.auth].sort(),
    );
    await phone.close();
  });

it("a forgotten password is replaced", async () => {
  await signUp(suite, "ada");
  const { phone, tokens } = await visitor(suite, {}, { login_hint: "ada" });
  await press(phone, "Forgotten your password?", "link");
  await isGood(phone, "Forgotten password");
  await fill(phone, { Username: "ada" });
  await press(phone, "Send the code");
  await isGood(phone, "New password");
  await fill(phone, {
    "Code from the mail": await mailedCode(suite, "ada@example.test"),
    "New password": "Better-horse-8",
  });
  await press(phone, "Change the password");
  await isGood(phone, "Sign in");
  await signIn(phone, "ada", "Better-horse-8");
  assert.ok((await tokens()).access_token);
  await phone.close();
});

it("the pages are in the phone's language", async () => {
  const { phone, tokens } = await visitor(suite, { locale: "de-AT" });
  await isGood(phone, "Anmelden");
  await press(phone, "Registrieren", "link");
  await isGood(phone, "Registrieren");
  await fill(phone, {
    Benutzername: "käthe",
    "E-Mail-Adresse": "kaethe@example.test",
    Passwort: password,
  });
  await press(phone, "Registrieren");
  await isGood(phone, "Bestätigen Sie Ihr Konto");
  await fill(phone, {
    "Code aus der E-Mail": await mailedCode(suite, "kaethe@example.test"),
  });
  await press(phone, "Bestätigen");
  await fill(phone, { Benutzername: "käthe", Passwort: "Wrong-horse-7" });
  await press(phone, "Anmelden");
  assert.match((await message(phone)) ?? "", /^Benutzername oder Passwort/);
  await fill(phone, { Passwort: password });
  await press(phone, "Anmelden");
  assert.equal(await phone.heading(), "App");
  assert.ok((await tokens()).access_token);
  await phone.close();
});

it("a pool's own questions are asked, and what is wrong is marked", async () => {
  const pool = await newPool(suite, {
    UsernameAttributes: ["email"],
    AutoVerifiedAttributes: ["email"],
    Schema: ["birthdate", "given_name", "phone_number"].map((Name) => ({
      Name,
      Required: true,
    })),
  });
  const { ClientId: client_id } = await newClient(suite, pool, {
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid"],
    CallbackURLs: [callback],
  });
  const { phone } = await visitor(suite, {}, { client_id, scope: "openid" });
  await press(phone, "Sign up", "link");
  await isGood(phone, "Sign up");
  const email = "fay@example.test";
  await fill(phone, { "E-mail address": email, Password: password });
  await phone.page.evaluate("document.forms[0].noValidate = true");
  await press(phone, "Sign up");
  await isGood(phone, "Sign up");
  const marked = phone.page.getByLabel("Date of birth");
  assert.equal(await marked.getAttribute("aria-invalid"), "true");
  await fill(phone, {
    "Phone number": "+49301234",
    "Given name": "Fay",
    "Date of birth": "1990-02-03",
    Password: password,
  });
  await press(phone, "Sign up");
  await isGood(phone, "Confirm your account");
  await fill(phone, { "Code from the mail": await mailedCode(suite, email) });
  await press(phone, "Confirm");
  await isGood(phone, "Sign in");
  await fill(phone, { "E-mail address": email, Password: password });
  await press(phone, "Sign in");
  assert.equal(await phone.heading(), "App");
  await phone.close();
});

it("an error says what is wrong, and goes nowhere", async () => {
  const phone = await newPhone(browser, suite, {
    baseURL: suite.url.auth,
  });
  await phone.visit(`/oauth2/authorize?client_id=${suite.clientId}`);
  await isGood(phone, "That did not work");
  assert.match((await message(phone)) ?? "", /redirect_uri/);
  await phone.close();
});

describe("a pool that demands an app's codes", async () => {
  const strict = await start({
    PARLOR_AUTH_MFA: "on",
    PARLOR_AUTH_MFA_EMAIL: "false",
  });
  let secret = "";

  it("has them set up", async () => {
    await signUp(strict, "joan");
    const { phone, tokens } = await visitor(strict);
    await signIn(phone, "joan");
    await isGood(phone, "Protect your account");
    secret = (await phone.page.locator("code").textContent()) ?? "";
    await fill(phone, { "Code that the app shows": "1234567" });
    await press(phone, "Go on");
    await isGood(phone, "Protect your account");
    assert.equal(await phone.page.locator("code").textContent(), secret);
    await fill(phone, { "Code that the app shows": totpCode(secret, -1) });
    await press(phone, "Go on");
    assert.equal(await phone.heading(), "App");
    assert.ok((await tokens()).access_token);
    await phone.close();
  });
  it("asks for them from then on", async () => {
    const { phone, tokens } = await visitor(strict);
    const label = "Code from your authenticator app";
    await signIn(phone, "joan");
    await isGood(phone, "One more step");
    await fill(phone, { [label]: wrongCode(totpCode(secret)) });
    await press(phone, "Go on");
    await isGood(phone, "One more step");
    await fill(phone, { [label]: totpCode(secret, 1) });
    await press(phone, "Go on");
    assert.equal(await phone.heading(), "App");
    assert.ok((await tokens()).access_token);
    await phone.close();
  });
});

it("who has two second factors chooses", async () => {
  await signUp(suite, "mary");
  const { accessToken: AccessToken } = await tokensOf(suite, "mary");
  const client = cognito(suite);
  const { SecretCode = "" } = await client.send(
    new AssociateSoftwareTokenCommand({ AccessToken }),
  );
  await client.send(
    new VerifySoftwareTokenCommand({
      AccessToken,
      UserCode: totpCode(SecretCode),
    }),
  );
  await client.send(
    new SetUserMFAPreferenceCommand({
      AccessToken,
      SoftwareTokenMfaSettings: { Enabled: true },
      EmailMfaSettings: { Enabled: true },
    }),
  );
  const { phone, tokens } = await visitor();
  await signIn(phone, "mary");
  await isGood(phone, "One more step");
  await press(phone, "A mail to me");
  await isGood(phone, "One more step");
  await fill(phone, {
    "Code from the mail we sent you": await mailedCode(
      suite,
      "mary@example.test",
    ),
  });
  await press(phone, "Go on");
  assert.equal(await phone.heading(), "App");
  assert.ok((await tokens()).access_token);
  await phone.close();
});

it("who was given a password chooses another, and is let in until shut out", async () => {
  const admin = administrator(suite);
  const grace = { UserPoolId: suite.userPoolId, Username: "grace" };
  await admin.send(
    new AdminCreateUserCommand({
      ...grace,
      TemporaryPassword: "Given-horse-7",
      MessageAction: "SUPPRESS",
      UserAttributes: [{ Name: "email", Value: "grace@example.test" }],
    }),
  );
  const { phone, url, tokens } = await visitor();
  await signIn(phone, "grace", "Given-horse-7");
  await isGood(phone, "New password");
  await fill(phone, { "New password": "short" });
  await press(phone, "Change the password");
  await isGood(phone, "New password");
  assert.match((await message(phone)) ?? "", /Password not long enough/);
  await fill(phone, { "New password": password });
  await press(phone, "Change the password");
  assert.equal(await phone.heading(), "App");
  assert.ok((await tokens()).access_token);
  await admin.send(new AdminDisableUserCommand(grace));
  await phone.visit(url); // the browser's user is nobody any more
  assert.equal(await phone.heading(), "Sign in");
  await phone.close();
});
