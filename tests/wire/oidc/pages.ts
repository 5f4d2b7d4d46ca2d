// The pages: in which language they are, how often they may be tried, and what is
// asked of who may not go on.
import {
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Browser, heading, said, type Shown } from "../../harness/browser.ts";
import { administrator } from "../../harness/cognito.ts";
import {
  begin,
  callback,
  discover,
  newBrowser,
  startOidc,
} from "../../harness/oidc.ts";
import { newClient, newPool } from "../../harness/pools.ts";
import type { Suite } from "../../harness/suite.ts";
import { mailedCode, password, signUp } from "../../harness/users.ts";

const suite = await startOidc();
await signUp(suite, "ada");

/** The query of an app's request, which all pages have. */
const asking = async (more: Record<string, string> = {}, of: Suite = suite) =>
  new URL((await begin(await discover(of), more)).url).search;

const languageOf = ({ html }: { html: string }) =>
  /<html lang="([^"]*)"/.exec(html)?.[1];

describe("the pages' language", () => {
  const rows: [string, Record<string, string>, string, string, string][] = [
    ["is English", {}, "", "en", "Sign in"],
    ["is the browser's", {}, "de-AT,de;q=0.9,en;q=0.8", "de", "Anmelden"],
    ["is what it likes best", {}, "en;q=0.5, fr;q=0.91", "fr", "Se connecter"],
    ["is one that there is", {}, "nl, es;q=0.5", "es", "Iniciar sesión"],
    ["is none that it refuses", {}, "de;q=0, *", "en", "Sign in"],
    [
      "is the app's before that",
      { ui_locales: "pt-BR es-MX de" },
      "de",
      "es",
      "Iniciar sesión",
    ],
    [
      "is the app's by Cognito's name, too",
      { lang: "FR", ui_locales: "es" },
      "de",
      "fr",
      "Se connecter",
    ],
    ["is no stranger's", { lang: "../en" }, "x", "en", "Sign in"],
  ];
  for (const [name, more, header, language, words] of rows)
    it(name, async () => {
      const shown = await newBrowser(suite).ask(
        `/login${await asking(more)}`,
        header ? { headers: { "accept-language": header } } : {},
      );
      assert.equal(languageOf(shown), language);
      assert.equal(heading(shown), words);
    });

  it("stays from page to page, and errors are in it", async () => {
    const browser = newBrowser(suite);
    const query = await asking({ ui_locales: "de" });
    const page = await browser.visit(`/login${query}`);
    const wrong = { username: "ada", password: "Wrong-horse-7" };
    const again = await browser.submit(page, wrong);
    assert.equal(said(again), "Benutzername oder Passwort ist falsch.");
    const form = await browser.visit(`/signup${query}`);
    assert.match(
      form.html,
      />Mindestens 8 Zeichen, ein Großbuchstabe, ein Kleinbuchstabe, eine Ziffer/,
    );
    const email = "carl@example.test";
    const short = { username: "carl", email, password: "short" };
    const refused = await browser.submit(form, short);
    assert.equal(said(refused), "Das Passwort ist zu kurz.");
    const sent = await browser.submit(refused, { password });
    assert.equal(heading(sent), "Bestätigen Sie Ihr Konto");
    assert.match(sent.html, />Wir haben einen Code an \S+ geschickt\.</);
    const code = await mailedCode(suite, email);
    const done = await browser.submit(sent, { code });
    assert.match(said(done), /^Ihr Konto ist bestätigt\./);
    for (const shown of [page, again, form, refused, sent, done])
      assert.equal(languageOf(shown), "de");
    // what nobody has translated says that it is English
    const odd = await browser.visit(`/login?lang=de&client_id=nobody`);
    assert.equal(heading(odd), "Das hat nicht geklappt");
    assert.match(odd.html, /role="alert" lang="en">User pool client/);
  });
});

describe("whoever comes too often", () => {
  const submit = async (
    browser: Browser,
    path: string,
    fields: Record<string, string>,
    of: Suite,
  ) =>
    browser.submit(await browser.visit(path + (await asking({}, of))), fields);

  it("is refused by the pages as anywhere else", async () => {
    const strict = await startOidc({
      PARLOR_AUTH_SIGN_INS_PER_ADDRESS: "3",
      PARLOR_AUTH_SIGN_UPS_PER_ADDRESS: "2",
      PARLOR_AUTH_CODES_PER_ADDRESS: "2",
    });
    const rows: [string, number, RegExp, (n: number) => object][] = [
      ["/login", 3, /^Too many sign-ins/, () => ({ password })],
      [
        "/signup",
        2,
        /^Too many sign-ups/,
        (n) => ({ password, email: `n${n}@example.test` }),
      ],
      ["/forgotPassword", 2, /^Too many codes/, () => ({})],
    ];
    for (const [path, passes, words, fields] of rows) {
      const statuses: number[] = [];
      let [last, wait] = ["", 0];
      for (let n = 0; n <= passes; n++) {
        const shown = await submit(
          newBrowser(strict),
          path,
          { username: `nobody-${n}`, ...fields(n) },
          strict,
        );
        statuses.push(shown.status);
        last = said(shown);
        wait = Number(shown.headers.get("retry-after"));
      }
      assert.equal(statuses.at(-1), 429, path);
      assert.ok(!statuses.slice(0, -1).includes(429), path);
      assert.match(last, words);
      assert.ok(wait >= 1, `${wait}`);
    }
  });
  it("with wrong passwords is shut out", async () => {
    const fields = { username: "ada", password: "Wrong-horse-7" };
    const words: string[] = [];
    // each time for longer, so that soon no machine is too slow for it
    while (words.length < 12 && words.at(-1) !== "Password attempts exceeded") {
      const shown = await submit(newBrowser(suite), "/login", fields, suite);
      assert.equal(shown.status, 400);
      words.push(said(shown));
    }
    assert.equal(words[0], "Incorrect username or password.");
    assert.equal(words.at(-1), "Password attempts exceeded");
  });
});

/** The query of an app's request whose client is of a pool that was made. */
async function askingOf(
  more: Partial<CreateUserPoolCommandInput>,
  ofClient: Partial<CreateUserPoolClientCommandInput> = {},
) {
  const pool = await newPool(suite, more);
  const { ClientId } = await newClient(suite, pool, {
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid"],
    CallbackURLs: [callback],
    ...ofClient,
  });
  const query = new URLSearchParams(await asking({ scope: "openid" }));
  query.set("client_id", ClientId);
  return { pool, query };
}

it("a pool without sign-ups invites nobody to", async () => {
  const { query } = await askingOf({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  });
  const open = await newBrowser(suite).visit(`/login${await asking()}`);
  const closed = await newBrowser(suite).visit(`/login?${query.toString()}`);
  assert.equal(heading(closed), "Sign in");
  assert.match(open.html, /href="\/signup/);
  assert.doesNotMatch(closed.html, /href="\/signup/);
});

describe("a new user is asked for", () => {
  const labels = ({ html }: Shown) =>
    [...html.matchAll(/<label [^>]*>([^<]*)/g)].map(([, text]) => text);
  const inputs = ({ html }: Shown) =>
    (html.match(/<input [^>]*>/g) ?? []).filter((tag) => !/hidden/.test(tag));
  /** What is said beside a field. */
  const beside = ({ html }: Shown, field: string) =>
    new RegExp(`<p id="${field}-wrong"[^>]*>([^<]*)`).exec(html)?.[1];
  const inputOf = (shown: Shown, field: string) =>
    inputs(shown).find((tag) => tag.includes(`name="${field}"`)) ?? "";
  const requiring = (...names: string[]) =>
    names.map((Name) => ({ Name, Required: true }));

  const everything = {
    name: ["text", "name"],
    given_name: ["text", "given-name"],
    middle_name: ["text", "additional-name"],
    family_name: ["text", "family-name"],
    nickname: ["text", "nickname"],
    preferred_username: ["text", "off"],
    email: ["email", "email"],
    phone_number: ["tel", "tel"],
    birthdate: ["date", "bday"],
    gender: ["text", "sex"],
    address: ["text", "off"],
    locale: ["text", "language"],
    zoneinfo: ["text", "off"],
    website: ["url", "url"],
    profile: ["url", "off"],
    picture: ["url", "photo"],
    updated_at: ["number", "off"],
  };

  it("all that its pool requires, in four languages", async () => {
    const { query } = await askingOf({
      Schema: requiring(...Object.keys(everything)),
    });
    const shown = async (lang: string) => {
      query.set("lang", lang);
      return newBrowser(suite).visit(`/signup?${query.toString()}`);
    };
    const english = await shown("en");
    assert.equal(inputs(english).length, 2 + Object.keys(everything).length);
    for (const [field, [type, autocomplete]] of Object.entries(everything)) {
      const tag = inputOf(english, field);
      assert.match(tag, / required>$/, field);
      assert.ok(tag.includes(` type="${type}"`), tag);
      assert.ok(tag.includes(` autocomplete="${autocomplete}"`), tag);
      assert.ok(english.html.includes(`<label for="${field}">`), field);
    }
    for (const lang of ["de", "fr", "es"])
      for (const [at, label] of labels(await shown(lang)).entries())
        assert.notEqual(label, labels(english)[at], lang);
  });

  it("what is not so is said beside the field", async () => {
    const { pool, query } = await askingOf({
      Schema: [
        ...requiring("birthdate", "phone_number"),
        {
          Name: "nickname",
          Required: true,
          StringAttributeConstraints: { MinLength: "3", MaxLength: "8" },
        },
      ],
    });
    query.set("lang", "de");
    const browser = newBrowser(suite);
    const page = await browser.visit(`/signup?${query.toString()}`);
    assert.doesNotMatch(page.html, /aria-invalid/);
    assert.match(inputOf(page, "nickname"), / minlength="3" maxlength="8"/);
    const refused = await browser.submit(page, {
      username: "bea",
      password,
      phone_number: "030 1234",
      nickname: "<b",
    });
    assert.equal(refused.status, 400);
    assert.equal(heading(refused), "Registrieren");
    assert.match(said(refused), /markiert/);
    assert.equal(beside(refused, "birthdate"), "Bitte ausfüllen.");
    assert.match(beside(refused, "phone_number") ?? "", /Landesvorwahl/);
    assert.match(
      refused.html,
      /<p id="nickname-wrong" class="wrong" lang="de">Das passt nicht/,
    );
    for (const field of ["birthdate", "phone_number", "nickname"])
      assert.ok(
        inputOf(refused, field).includes(
          ` aria-invalid="true" aria-describedby="${field}-wrong"`,
        ),
      );
    assert.match(inputOf(refused, "nickname"), / value="&lt;b"/);
    const right = { birthdate: "1990-02-03", phone_number: "+49301234" };
    const filled = { ...right, nickname: "Bea", password };
    const done = await browser.submit(refused, filled);
    assert.equal(heading(done), "Anmelden"); // nobody mails a code there
    assert.match(said(done), /^Sie können sich anmelden, sobald/);
    const { UserAttributes = [] } = await administrator(suite).send(
      new AdminGetUserCommand({ UserPoolId: pool, Username: "bea" }),
    );
    const kept = Object.fromEntries(
      UserAttributes.map(({ Name, Value }) => [Name, Value]),
    );
    for (const [field, value] of Object.entries({ ...right, nickname: "Bea" }))
      assert.equal(kept[field], value);
  });

  const rows: [
    string,
    Partial<CreateUserPoolCommandInput>,
    [string[], string],
    string,
  ][] = [
    [
      "an address in the name's place",
      { UsernameAttributes: ["email"], Schema: requiring("email") },
      [["E-mail address"], "email"],
      "E-mail address",
    ],
    [
      "either, and the address",
      {
        UsernameAttributes: ["email", "phone_number"],
        Schema: requiring("email"),
      },
      [["E-mail address or phone number", "E-mail address (optional)"], "text"],
      "E-mail address or phone number",
    ],
    [
      "a number, and where codes go",
      {
        UsernameAttributes: ["phone_number"],
        AutoVerifiedAttributes: ["email"],
      },
      [["Phone number", "E-mail address"], "tel"],
      "Phone number",
    ],
    [
      "a name, and by what else one may sign in",
      { AliasAttributes: ["email", "phone_number", "preferred_username"] },
      [
        ["Username", "E-mail address (optional)", "Phone number (optional)"],
        "text",
      ],
      "Username, e-mail address or phone number",
    ],
    ["no more than a name", {}, [["Username"], "text"], "Username"],
  ];
  for (const [name, pool, [wanted, type], signIn] of rows)
    it(name, async () => {
      const { query } = await askingOf(pool);
      const at = async (path: string) =>
        newBrowser(suite).visit(`${path}?${query.toString()}`);
      const form = await at("/signup");
      assert.deepEqual(labels(form), [...wanted, "Password"]);
      assert.ok(inputOf(form, "username").includes(` type="${type}"`));
      const login = await at("/login");
      assert.deepEqual(labels(login), [signIn, "Password"]);
      assert.ok(inputOf(login, "username").includes(` inputmode="${type}"`));
      assert.equal(labels(await at("/forgotPassword"))[0], signIn);
      assert.equal(labels(await at("/confirm"))[0], wanted[0]);
    });

  it("nothing that the app may not say", async () => {
    const { query } = await askingOf(
      { AutoVerifiedAttributes: ["email"] },
      { WriteAttributes: ["name"] },
    );
    const form = await newBrowser(suite).visit(`/signup?${query.toString()}`);
    assert.deepEqual(labels(form), ["Username", "Password"]);
  });
});

it("who forgot a password is sent to the administrator", async () => {
  const browser = newBrowser(suite);
  const links = async (more: Partial<CreateUserPoolCommandInput>) => {
    const { query } = await askingOf(more);
    query.set("lang", "de");
    const at = (path: string) => browser.visit(`${path}?${query.toString()}`);
    const login = await at("/login");
    return { at, link: login.html.includes("Passwort vergessen?") };
  };
  assert.ok((await links({})).link);
  const { at, link } = await links({
    AccountRecoverySetting: {
      RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }],
    },
  });
  assert.ok(!link);
  const refused = await browser.submit(await at("/forgotPassword"), {
    username: "nobody",
  });
  assert.equal(refused.status, 400);
  assert.equal(
    said(refused),
    "Ein neues Passwort bekommen Sie beim Administrator.",
  );
});

it("who must choose another password is asked for it", async () => {
  await signUp(suite, "erna");
  await administrator(suite).send(
    new AdminResetUserPasswordCommand({
      UserPoolId: suite.userPoolId,
      Username: "erna",
    }),
  );
  const browser = newBrowser(suite);
  const page = await browser.visit(`/login${await asking()}`);
  const asked = await browser.submit(page, { username: "erna", password });
  assert.equal(heading(asked), "New password");
  assert.equal(said(asked), "Password reset required for the user");
  const fresh = "Better-horse-8";
  const done = await browser.submit(asked, {
    code: await mailedCode(suite, "erna@example.test"),
    password: fresh,
  });
  assert.equal(heading(done), "Sign in");
  const { location } = await browser.submit(done, { password: fresh });
  assert.match(location ?? "", /code=/);
});
