// Document paths: where in an item something stands.
import type { Item, Value } from "./value.ts";

/** A name, then names of members and numbers of elements. */
export type Path = readonly [string, ...(string | number)[]];

export function find(item: Item, path: Path): Value | undefined {
  let at: Value | undefined = item[path[0]];
  for (const step of path.slice(1))
    at = typeof step === "number" ? at?.L?.[step] : at?.M?.[step];
  return at;
}

/** The item with something else there, or nothing; undefined: there is no such
 * place. A list grows at its end, whatever the number. */
export function replace(
  item: Item,
  path: Path,
  value: Value | undefined,
): Item | undefined {
  const changed = within({ M: item }, path, value);
  return changed?.M;
}

function without<T>(map: Readonly<Record<string, T>>, name: string) {
  return Object.fromEntries(
    Object.entries(map).filter(([other]) => other !== name),
  );
}

function within(
  at: Value | undefined,
  [step, ...rest]: readonly (string | number)[],
  value: Value | undefined,
): Value | undefined {
  if (typeof step === "string" && at?.M) {
    const inner = rest.length ? within(at.M[step], rest, value) : value;
    if (rest.length && !inner) return undefined;
    return { M: inner ? { ...at.M, [step]: inner } : without(at.M, step) };
  }
  if (typeof step === "number" && at?.L) {
    const inner = rest.length ? within(at.L[step], rest, value) : value;
    if (rest.length && !inner) return undefined;
    if (!inner) return { L: at.L.filter((_, i) => i !== step) };
    return step < at.L.length
      ? { L: at.L.map((one, i) => (i === step ? inner : one)) }
      : { L: [...at.L, inner] };
  }
  return undefined;
}

/** What an expression's text refers to by #names and :values. */
export class Places {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, Value> = {};

  name(name: string): string {
    const there = Object.entries(this.names).find(([, is]) => is === name);
    if (there) return there[0];
    const place = `#n${Object.keys(this.names).length}`;
    this.names[place] = name;
    return place;
  }

  value(value: Value): string {
    const place = `:v${Object.keys(this.values).length}`;
    this.values[place] = value;
    return place;
  }

  path(path: Path): string {
    return path
      .map((step, i) =>
        typeof step === "number"
          ? `[${step}]`
          : `${i ? "." : ""}${this.name(step)}`,
      )
      .join("");
  }

  /** The members of a request that define them, where there are any. */
  fields() {
    return {
      ...(Object.keys(this.names).length
        ? { ExpressionAttributeNames: this.names }
        : {}),
      ...(Object.keys(this.values).length
        ? { ExpressionAttributeValues: this.values }
        : {}),
    };
  }
}

/** The parts of an item at these paths, as a projection gives them. */
export function project(item: Item, paths: readonly Path[]): Item {
  const tree = paths
    .filter((path) => find(item, path))
    .reduce<Tree>((all, path) => plant(all, path), {});
  return pruned({ M: item }, tree).M ?? {};
}

interface Tree {
  [step: string]: Tree | "all";
}

function plant(
  tree: Tree,
  [step, ...rest]: readonly (string | number)[],
): Tree {
  const key = String(step);
  const below = tree[key];
  if (!rest.length || below === "all") return { ...tree, [key]: "all" };
  return { ...tree, [key]: plant(below ?? {}, rest) };
}

function pruned(value: Value, tree: Tree | "all"): Value {
  if (tree === "all") return value;
  if (value.M) {
    const kept = Object.entries(value.M)
      .filter(([name]) => tree[name])
      .map(([name, one]) => [name, pruned(one, tree[name] ?? "all")]);
    return { M: Object.fromEntries(kept) as Item };
  }
  return {
    L: (value.L ?? [])
      .map((one, i) => [one, tree[i]] as const)
      .filter(([, below]) => below)
      .map(([one, below]) => pruned(one, below ?? "all")),
  };
}
