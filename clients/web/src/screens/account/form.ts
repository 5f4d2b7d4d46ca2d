// A form: fields with a label each, one button, and what went wrong in words.
import { h, type Attributes, type Child } from "../../page/dom.ts";
import { troubleText } from "../../text/trouble.ts";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly attributes: Attributes;
}

function draw({ name, label, hint, attributes }: Field): Child {
  return h(
    "label",
    { class: "stack-tight" },
    h("span", {}, h("strong", {}, label), hint && " "),
    hint && h("span", { class: "hint", id: `${name}-hint` }, hint),
    h("input", {
      class: "field",
      name,
      required: true,
      "aria-describedby": hint && `${name}-hint`,
      ...attributes,
    }),
  );
}

/** `send` takes the fields' values by their names. */
export function form(
  fields: readonly Field[],
  button: string,
  send: (values: Readonly<Record<string, string>>) => Promise<void>,
): HTMLFormElement {
  const trouble = h("p", { class: "trouble", role: "alert" });
  const submit = h("button", { class: "button button-main" }, button);
  const element = h(
    "form",
    { class: "stack card" },
    fields.map(draw),
    trouble,
    submit,
  );

  async function onSubmit(): Promise<void> {
    if (submit.ariaBusy === "true") return;
    submit.ariaBusy = "true";
    trouble.textContent = "";
    try {
      await send(
        Object.fromEntries(
          [...new FormData(element)].map(([name, value]) => [
            name,
            String(value),
          ]),
        ),
      );
    } catch (error) {
      trouble.textContent = troubleText(error);
    } finally {
      submit.ariaBusy = null;
    }
  }

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    void onSubmit();
  });
  return element;
}
