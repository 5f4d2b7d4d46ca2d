// What is asked for, as password managers and keyboards understand it.
import { text } from "../../text/text.ts";
import type { Field } from "./form.ts";

const plain = { autocapitalize: "none", spellcheck: "false", maxlength: 128 };

export const nameField = (value = "", hint?: string): Field => ({
  name: "username",
  label: text().username,
  ...(hint ? { hint } : {}),
  attributes: { ...plain, autocomplete: "username", value },
});

export const emailField = (): Field => ({
  name: "email",
  label: text().email,
  hint: text().emailHint,
  attributes: { ...plain, type: "email", autocomplete: "email" },
});

export const passwordField = (isNew: boolean): Field => ({
  name: "password",
  label: text().password,
  ...(isNew ? { hint: text().passwordHint } : {}),
  attributes: {
    type: "password",
    autocomplete: isNew ? "new-password" : "current-password",
    maxlength: 256,
    ...(isNew ? { minlength: 8 } : {}),
  },
});

export const codeField = (): Field => ({
  name: "code",
  label: text().code,
  attributes: {
    inputmode: "numeric",
    autocomplete: "one-time-code",
    pattern: "[0-9]{6}",
    maxlength: 6,
  },
});
