// The code that came by mail.
import { h } from "../../page/dom.ts";
import { go, type Screen } from "../../page/router.ts";
import { say } from "../../page/shell.ts";
import { working } from "../../page/work.ts";
import {
  awaitedName,
  confirm as send,
  resendCode,
} from "../../session/account.ts";
import { text } from "../../text/text.ts";
import { codeField, nameField } from "./fields.ts";
import { form } from "./form.ts";

export const confirm: Screen = () => {
  const name = awaitedName();
  const fields = name ? [codeField()] : [nameField(), codeField()];
  const code = form(
    fields,
    text().confirm,
    async ({ username = name ?? "", code: digits = "" }) => {
      const signedIn = await send(username, digits);

      say(text().welcome(username));
      go(signedIn ? "/account" : "/account/sign-in", true);
    },
  );

  return {
    title: text().confirmTitle,
    content: [
      h("h1", {}, text().confirmTitle),
      name && h("p", { class: "hint" }, text().confirmHint(name)),
      code,
      name &&
        h(
          "p",
          { class: "after" },
          h(
            "button",
            {
              type: "button",
              class: "button button-quiet",
              onclick: working(async () => {
                await resendCode(name);
                say(text().resent);
              }),
            },
            text().resend,
          ),
        ),
    ],
  };
};
