// Attribute values as AWS's JSON has them: their order, equality and size.

export interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string; // base64
  readonly BOOL?: boolean;
  readonly NULL?: true;
  readonly L?: readonly Value[];
  readonly M?: Item;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
}
export type Item = Readonly<Record<string, Value>>;
export type Type = keyof Value;

export const typeOf = (value: Value): Type => Object.keys(value)[0] as Type;

// ---- numbers: with six digits behind the point, which is all we make --------

const SCALE = 6;

export function scaled(text: string): bigint {
  const [, sign, whole = "", part = "", e = "0"] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = BigInt(whole + part);
  const shift = SCALE + Number(e) - part.length;
  if (shift < 0) throw new Error(`${text} is too fine for the model`);
  return digits * 10n ** BigInt(shift) * (sign === "-" ? -1n : 1n);
}

export function unscaled(number: bigint): string {
  const sign = number < 0n ? "-" : "";
  const digits = (number < 0n ? -number : number)
    .toString()
    .padStart(SCALE + 1, "0");
  const whole = digits.slice(0, -SCALE);
  const part = digits.slice(-SCALE).replace(/0+$/, "");
  return sign + whole + (part && `.${part}`);
}

const significant = (text: string) =>
  unscaled(scaled(text))
    .replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "").length;

// ---- order -----------------------------------------------------------------

const bytes = {
  S: (text: string) => Buffer.from(text),
  B: (text: string) => Buffer.from(text, "base64"),
};

/** Of two values of one type S, N or B: below 0, 0, or above. */
export function compare(a: Value, b: Value): number {
  if (a.N !== undefined && b.N !== undefined) {
    const difference = scaled(a.N) - scaled(b.N);
    return difference < 0n ? -1 : Number(difference > 0n);
  }
  if (a.S !== undefined && b.S !== undefined)
    return Buffer.compare(bytes.S(a.S), bytes.S(b.S));
  if (a.B !== undefined && b.B !== undefined)
    return Buffer.compare(bytes.B(a.B), bytes.B(b.B));
  throw new Error(`no order of ${typeOf(a)} and ${typeOf(b)}`);
}

// ---- one form --------------------------------------------------------------

const member = { SS: "S", NS: "N", BS: "B" } as const;
type SetType = keyof typeof member;

/** The members of a set, as values. */
export const members = (set: Value): Value[] =>
  (set[typeOf(set) as SetType] ?? []).map((text) => ({
    [member[typeOf(set) as SetType]]: text,
  }));

export const isSet = (value: Value) => typeOf(value) in member;

/** A set of this type with these members; undefined: none is left. */
export const setOf = (type: Type, list: readonly Value[]): Value | undefined =>
  list.length
    ? { [type]: list.map((one) => Object.values(one)[0] as string) }
    : undefined;

/** Numbers as they are printed, sets in order: equal values look alike. */
export function canonical(value: Value): Value {
  if (value.N !== undefined) return { N: unscaled(scaled(value.N)) };
  if (value.L) return { L: value.L.map(canonical) };
  if (value.M) return { M: canonicalItem(value.M) };
  if (isSet(value))
    return setOf(
      typeOf(value),
      members(value).map(canonical).sort(compare),
    ) as Value;
  return value;
}

export const canonicalItem = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item)
      .sort(([a], [b]) => Buffer.compare(bytes.S(a), bytes.S(b)))
      .map(([name, value]) => [name, canonical(value)]),
  );

/** The same text for equal values. */
export const textOf = (value: Value | Item): string => JSON.stringify(value);

export const equal = (a: Value, b: Value) =>
  textOf(canonical(a)) === textOf(canonical(b));

// ---- size ------------------------------------------------------------------

export function sizeOf(value: Value): number {
  if (value.S !== undefined) return bytes.S(value.S).length;
  if (value.B !== undefined) return bytes.B(value.B).length;
  if (value.N !== undefined) return Math.ceil(significant(value.N) / 2) + 1;
  if (value.L) return value.L.reduce((sum, one) => sum + 1 + sizeOf(one), 3);
  if (value.M) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if (isSet(value))
    return members(value).reduce((sum, one) => sum + sizeOf(one), 0);
  return 1;
}

export const itemSize = (item: Item | undefined): number =>
  Object.entries(item ?? {}).reduce(
    (sum, [name, value]) => sum + bytes.S(name).length + sizeOf(value),
    0,
  );
