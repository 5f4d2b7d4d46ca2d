// Who plays here, and the ways to become somebody, or nobody.
import "./account.css";
import { ask } from "../../page/ask.ts";
import { h, type Child } from "../../page/dom.ts";
import { icon } from "../../page/icon.ts";
import { go, type Screen } from "../../page/router.ts";
import { say } from "../../page/shell.ts";
import { working } from "../../page/work.ts";
import { deleteAccount, signOut } from "../../session/account.ts";
import { isGuest, session } from "../../session/session.ts";
import { shownName } from "../../text/name.ts";
import { text } from "../../text/text.ts";

function way(href: string, title: string, hint: string): Child {
  return h(
    "li",
    {},
    h(
      "a",
      { class: "line", href },
      h(
        "span",
        { class: "line-text" },
        h("strong", {}, title),
        h("span", { class: "hint" }, hint),
      ),
      icon("forward"),
    ),
  );
}

function deed(title: string, hint: string, todo: () => Promise<void>): Child {
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "line", onclick: working(todo) },
      h(
        "span",
        { class: "line-text" },
        h("strong", {}, title),
        h("span", { class: "hint" }, hint),
      ),
    ),
  );
}

async function forget(): Promise<void> {
  const t = text();

  if (!(await ask(t.deleteAsk, t.deleteAskHint, t.deleteForGood))) return;
  await deleteAccount();
  say(t.deleted);
  go("/", true);
}

function ways(username: string | undefined): Child {
  const t = text();
  const guest = username !== undefined && isGuest(username);

  return h(
    "ul",
    { class: "lines card" },
    (!username || guest) && [
      way("/account/sign-up", t.signUp, guest ? t.upgradeHint : t.visitorHint),
      way("/account/sign-in", t.signIn, t.signInHint),
    ],
    username &&
      !guest &&
      deed(t.signOut, t.signOutHint, async () => {
        await signOut();
        say(t.signedOut);
        go("/", true);
      }),
    username &&
      deed(guest ? t.deleteGuest : t.deleteAccount, t.deleteHint, forget),
  );
}

export const account: Screen = () => {
  const { username } = session() ?? {};
  const t = text();

  return {
    title: t.accountTitle,
    content: [
      h(
        "section",
        { class: "who" },
        h("span", { class: "who-disc", "aria-hidden": "true" }),
        h("h1", {}, username ? shownName({ name: username }) : t.visitor),
        h(
          "p",
          { class: "hint" },
          !username
            ? t.visitorHint
            : isGuest(username)
              ? t.guestHint
              : t.memberHint,
        ),
      ),
      ways(username),
    ],
  };
};
