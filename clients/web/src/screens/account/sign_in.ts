// Somebody comes back, or goes on on another device.
import { h } from "../../page/dom.ts";
import { go, type Screen } from "../../page/router.ts";
import { say } from "../../page/shell.ts";
import { isGuest, session, signIn as send } from "../../session/session.ts";
import { shownName } from "../../text/name.ts";
import { text } from "../../text/text.ts";
import { nameField, passwordField } from "./fields.ts";
import { form } from "./form.ts";

export const signIn: Screen = () => {
  const name = session()?.username ?? "";

  return {
    title: text().signIn,
    content: [
      h("h1", {}, text().signIn),
      h(
        "p",
        { class: "hint" },
        isGuest(name)
          ? text().signInLoses(shownName({ name }))
          : text().signInHint,
      ),
      form(
        [nameField(), passwordField(false)],
        text().signIn,
        async ({ username = "", password = "" }) => {
          await send(username, password);
          say(text().welcome(username));
          go("/", true);
        },
      ),
      h(
        "p",
        { class: "after" },
        h("a", { href: "/account/sign-up" }, text().signUp),
        h("a", { href: "/account/confirm" }, text().haveCode),
      ),
    ],
  };
};
