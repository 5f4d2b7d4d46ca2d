// Update expressions: made at random, printed, and applied.
import type { Makes } from "./condition.ts";
import { find, replace, type Path, type Places } from "./path.ts";
import type { Random } from "./random.ts";
import {
  equal,
  isSet,
  members,
  scaled,
  setOf,
  typeOf,
  unscaled,
  type Item,
  type Value,
} from "./value.ts";

type Source =
  | { readonly value: Value }
  | { readonly path: Path }
  | { readonly otherwise: Value; readonly path: Path } // if_not_exists
  | { readonly sum: [Path, Value]; readonly sign: "+" | "-" }
  | { readonly joined: [Path, Value] }; // list_append

export type Clause =
  | { readonly is: "SET"; readonly path: Path; readonly to: Source }
  | { readonly is: "REMOVE"; readonly path: Path }
  | {
      readonly is: "ADD" | "DELETE";
      readonly path: Path;
      readonly value: Value;
    };

/** What DynamoDB refuses an update for, whatever else it says. */
export class Refused extends Error {}

// ---- as text ---------------------------------------------------------------

function printSource(to: Source, places: Places): string {
  if ("otherwise" in to)
    return `if_not_exists(${places.path(to.path)}, ${places.value(to.otherwise)})`;
  if ("sum" in to)
    return `${places.path(to.sum[0])} ${to.sign} ${places.value(to.sum[1])}`;
  if ("joined" in to)
    return `list_append(${places.path(to.joined[0])}, ${places.value(to.joined[1])})`;
  return "path" in to ? places.path(to.path) : places.value(to.value);
}

function printClause(c: Clause, places: Places): string {
  const path = places.path(c.path);
  if (c.is === "SET") return `${path} = ${printSource(c.to, places)}`;
  return c.is === "REMOVE" ? path : `${path} ${places.value(c.value)}`;
}

export function printUpdate(
  clauses: readonly Clause[],
  places: Places,
): string {
  const kinds = new Set(clauses.map(({ is }) => is));
  return [...kinds]
    .map((kind) => {
      const mine = clauses.filter(({ is }) => is === kind);
      return `${kind} ${mine.map((c) => printClause(c, places)).join(", ")}`;
    })
    .join(" ");
}

// ---- applied ---------------------------------------------------------------

const present = (value: Value | undefined): Value => {
  if (!value) throw new Refused("refers to an attribute that is not there");
  return value;
};

function source(to: Source, item: Item): Value {
  if ("value" in to) return to.value;
  if ("otherwise" in to) return find(item, to.path) ?? to.otherwise;
  if ("path" in to) return present(find(item, to.path));
  if ("joined" in to) {
    const [path, more] = to.joined;
    const list = present(find(item, path)).L;
    if (!list) throw new Refused("no list");
    return { L: [...list, ...(more.L ?? [])] };
  }
  const [path, term] = to.sum;
  const number = present(find(item, path)).N;
  if (number === undefined) throw new Refused("no number");
  const by = scaled(term.N ?? "");
  const sum = scaled(number) + (to.sign === "+" ? by : -by);
  return { N: unscaled(sum) };
}

function added(have: Value | undefined, more: Value): Value {
  if (!have) return more;
  if (typeOf(have) !== typeOf(more)) throw new Refused("another type");
  if (have.N !== undefined)
    return { N: unscaled(scaled(have.N) + scaled(more.N ?? "")) };
  const fresh = members(more).filter(
    (one) => !members(have).some((other) => equal(one, other)),
  );
  return setOf(typeOf(have), [...members(have), ...fresh]) ?? have;
}

function taken(have: Value | undefined, less: Value): Value | undefined {
  if (!have) return undefined;
  if (!isSet(have) || typeOf(have) !== typeOf(less))
    throw new Refused("another type");
  return setOf(
    typeOf(have),
    members(have).filter(
      (one) => !members(less).some((other) => equal(one, other)),
    ),
  );
}

function outcome(c: Clause, before: Item): Value | undefined {
  switch (c.is) {
    case "SET":
      return source(c.to, before);
    case "REMOVE":
      return undefined;
    case "ADD":
      return added(find(before, c.path), c.value);
    case "DELETE":
      return taken(find(before, c.path), c.value);
  }
}

/** Every clause sees the item as it was; removed elements are counted in it. */
export function applyUpdate(clauses: readonly Clause[], before: Item): Item {
  const done = clauses.map((c) => [c.path, outcome(c, before)] as const);
  return done.reduce((item, [path, value]) => {
    const next = replace(item, path, value);
    if (!next && (value || path.length > 1)) throw new Refused("no such place");
    return next ?? item;
  }, before);
}

// ---- made ------------------------------------------------------------------

function clause(r: Random, makes: Makes, path: Path): Clause {
  switch (r.below(9)) {
    case 0:
      return { is: "REMOVE", path };
    case 1:
      return { is: "ADD", path, value: makes.value("N") };
    case 2:
      return { is: "ADD", path, value: makes.value("SS") };
    case 3:
      return { is: "DELETE", path, value: makes.value("SS") };
    case 4:
      return {
        is: "SET",
        path,
        to: { sum: [path, makes.value("N")], sign: r.pick(["+", "-"]) },
      };
    case 5:
      return { is: "SET", path, to: { joined: [path, makes.value("L")] } };
    case 6:
      return { is: "SET", path, to: { path, otherwise: makes.value() } };
    case 7:
      return { is: "SET", path, to: { path: makes.path() } };
    default:
      return { is: "SET", path, to: { value: makes.value() } };
  }
}

/** What older forms can say, too: whole attributes, and values. */
export function plainClauses(r: Random, makes: Makes): Clause[] {
  const names = new Set(r.many(1, 3, () => makes.path()[0]));
  return [...names].map((name) => {
    const path: Path = [name];
    const is = r.pick(["SET", "SET", "REMOVE", "ADD", "DELETE"] as const);
    if (is === "SET") return { is, path, to: { value: makes.value() } };
    if (is === "REMOVE") return { is, path };
    const type = is === "ADD" && r.chance(0.5) ? "N" : "SS";
    return { is, path, value: makes.value(type) };
  });
}

/** On paths whose first names differ: none lies within another. */
export function clauses(r: Random, makes: Makes): Clause[] {
  const paths = new Map(
    r.many(1, 3, makes.path).map((path) => [path[0], path] as const),
  );
  return [...paths.values()].map((path) => clause(r, makes, path));
}
