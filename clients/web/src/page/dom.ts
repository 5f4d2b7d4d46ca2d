// Elements, made in one expression; nothing is ever parsed from text.

export type Child = Node | string | undefined | false | readonly Child[];

/** `on…` are listeners; false and undefined leave an attribute out. */
export type Attributes = Record<
  string,
  string | number | boolean | undefined | ((event: Event) => void)
>;

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function")
      element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false)
      element.setAttribute(name, String(value));
  }
}

function append(element: Element, child: Child): void {
  if (child === undefined || child === false) return;
  if (typeof child === "string" || child instanceof Node) element.append(child);
  else for (const one of child) append(element, one);
}

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);

  set(element, attributes);
  append(element, children);
  return element;
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);

  set(element, attributes);
  append(element, children);
  return element;
}

/** Puts the children in the place of what was there. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** Does the person want things to stand still? */
export const prefersStillness = (): boolean =>
  matchMedia("(prefers-reduced-motion: reduce)").matches;
