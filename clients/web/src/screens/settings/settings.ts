// Language and look.
import { h } from "../../page/dom.ts";
import { refresh, type Screen } from "../../page/router.ts";
import { chooseTheme, theme, themes } from "../../page/theme.ts";
import { language, languages, speak, text } from "../../text/text.ts";

interface Option {
  readonly value: string;
  readonly label: string;
  readonly lang?: string;
}

function choice(
  name: string,
  legend: string,
  options: readonly Option[],
  chosen: string,
  choose: (value: string) => void,
) {
  return h(
    "fieldset",
    { class: "card" },
    h("legend", {}, legend),
    h(
      "div",
      { class: "choice" },
      options.map(({ value, label, lang }) =>
        h(
          "label",
          { lang },
          h("input", {
            type: "radio",
            name,
            value,
            checked: value === chosen,
            onchange: () => choose(value),
          }),
          h("span", {}, label),
        ),
      ),
    ),
  );
}

export const settings: Screen = () => ({
  title: text().settings,
  content: [
    h("h1", {}, text().settings),
    h(
      "div",
      { class: "stack" },
      choice(
        "language",
        text().language,
        Object.entries(languages).map(([value, { name }]) => ({
          value,
          label: name,
          lang: value,
        })),
        language(),
        (tag) => {
          speak(tag);
          refresh();
        },
      ),
      choice(
        "theme",
        text().theme,
        themes.map((value) => ({ value, label: text().themes[value] })),
        theme(),
        (value) =>
          chooseTheme(themes.find((name) => name === value) ?? "system"),
      ),
    ),
  ],
});
