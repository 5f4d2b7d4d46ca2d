// A browser without a screen: cookies, forms, and where it is sent.
import assert from "node:assert/strict";

export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where it was sent, if it was. */
  readonly location: string | undefined;
}

const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
};
const plain = (html: string) =>
  html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) =>
    String(entities[name]),
  );

const attribute = (tag: string, name: string) => {
  const found = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : plain(found);
};

/** The words of the page's message or notice. */
export const said = ({ html }: Shown) =>
  plain(/<p class="(?:message|notice)"[^>]*>([^<]*)/.exec(html)?.[1] ?? "");
export const heading = ({ html }: Shown) =>
  plain(/<h1>([^<]*)/.exec(html)?.[1] ?? "");

export class Browser {
  readonly cookies = new Map<string, string>();
  private readonly base: string;

  constructor(base: string) {
    this.base = base;
  }

  async ask(url: string, init: RequestInit = {}): Promise<Shown> {
    const headers = new Headers(init.headers);
    const jar = [...this.cookies].map(([name, value]) => `${name}=${value}`);
    if (jar.length) headers.set("cookie", jar.join("; "));
    const answer = await fetch(new URL(url, this.base), {
      ...init,
      headers,
      redirect: "manual",
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return {
      status: answer.status,
      headers: answer.headers,
      html: await answer.text(),
      location: answer.headers.get("location") ?? undefined,
    };
  }

  /** Goes where it is sent, as long as that is ours. */
  async visit(url: string): Promise<Shown> {
    const shown = await this.ask(url);
    return shown.location?.startsWith("/") ? this.visit(shown.location) : shown;
  }

  /** The address and the fields of the page's form. */
  form({ html }: Shown): { action: string; fields: Record<string, string> } {
    const action = attribute(/<form [^>]*>/.exec(html)?.[0] ?? "", "action");
    assert.ok(action, `no form in ${html}`);
    const inputs = html.match(/<input [^>]*>/g) ?? [];
    const fields = Object.fromEntries(
      inputs.map((tag) => [
        attribute(tag, "name") ?? "",
        attribute(tag, "value") ?? "",
      ]),
    );
    return { action, fields };
  }

  /** Sends the page's form, filled in. */
  submit(page: Shown, filled: Record<string, string>): Promise<Shown> {
    const { action, fields } = this.form(page);
    return this.ask(action, {
      method: "POST",
      body: new URLSearchParams({ ...fields, ...filled }),
    });
  }
}
