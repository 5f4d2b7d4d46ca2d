// An account, which a guest's matches become part of.
import { h } from "../../page/dom.ts";
import { go, type Screen } from "../../page/router.ts";
import { signUp as send } from "../../session/account.ts";
import { isGuest, session } from "../../session/session.ts";
import { text } from "../../text/text.ts";
import { emailField, nameField, passwordField } from "./fields.ts";
import { form } from "./form.ts";

export const signUp: Screen = () => ({
  title: text().signUp,
  content: [
    h("h1", {}, text().signUp),
    isGuest(session()?.username ?? "") &&
      h("p", { class: "hint" }, text().upgradeHint),
    form(
      [nameField("", text().usernameHint), emailField(), passwordField(true)],
      text().signUp,
      async ({ username = "", email = "", password = "" }) => {
        await send(username, email, password);
        go("/account/confirm");
      },
    ),
    h(
      "p",
      { class: "after" },
      h("a", { href: "/account/sign-in" }, text().haveAccount),
    ),
  ],
});
