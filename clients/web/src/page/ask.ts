// A question before something that can't be taken back.
import { text } from "../text/text.ts";
import { h } from "./dom.ts";

/** Did the player agree? */
export function ask(
  question: string,
  hint: string,
  agree: string,
  stay = text().cancel,
): Promise<boolean> {
  const dialog = h(
    "dialog",
    { class: "ask", "aria-labelledby": "question" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "question" }, question),
      h("p", { class: "hint" }, hint),
      h(
        "div",
        { class: "row" },
        h("button", { class: "button", value: "", autofocus: true }, stay),
        h("button", { class: "button button-danger", value: "yes" }, agree),
      ),
    ),
  );

  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
