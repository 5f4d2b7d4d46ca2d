// Items as plain values: numbers, strings, bytes, lists and maps.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  AttributeValueSchema,
  ItemSchema,
  type AttributeValue,
  type Item,
} from "../gen/parlor/kv/v1/item_pb.js";

export type Plain =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | Set<string | number>
  | readonly Plain[]
  | { readonly [name: string]: Plain };

type Value = MessageInitShape<typeof AttributeValueSchema>["value"];

function valueOf(plain: Plain): Value {
  if (plain === null) return { case: "null", value: true };
  if (typeof plain === "string") return { case: "s", value: plain };
  if (typeof plain === "number") return { case: "n", value: String(plain) };
  if (typeof plain === "boolean") return { case: "bool", value: plain };
  if (plain instanceof Uint8Array) return { case: "b", value: plain };
  if (plain instanceof Set) {
    const values = [...plain];
    return values.every((value) => typeof value === "number")
      ? { case: "ns", value: { values: values.map(String) } }
      : { case: "ss", value: { values: values.map(String) } };
  }
  if (Array.isArray(plain))
    return {
      case: "l",
      value: { values: plain.map((inner: Plain) => attribute(inner)) },
    };
  return { case: "m", value: item(plain as { [name: string]: Plain }) };
}

export const attribute = (plain: Plain): AttributeValue =>
  create(AttributeValueSchema, { value: valueOf(plain) });

export const item = (plain: { readonly [name: string]: Plain }): Item =>
  create(ItemSchema, {
    attributes: Object.fromEntries(
      Object.entries(plain).map(([name, value]) => [name, attribute(value)]),
    ),
  });

function plainValue({ value }: AttributeValue): Plain {
  switch (value.case) {
    case "null":
      return null;
    case "n":
      return Number(value.value);
    case "ss":
      return new Set(value.value.values);
    case "ns":
      return new Set(value.value.values.map(Number));
    case "l":
      return value.value.values.map(plainValue);
    case "m":
      return plain(value.value);
    case "s":
    case "b":
    case "bool":
      return value.value;
    default:
      throw new Error(`no plain form of ${value.case}`);
  }
}

/** The other way; undefined where there is no item. */
export function plain(item: Item): { [name: string]: Plain } {
  return Object.fromEntries(
    Object.entries(item.attributes).map(([name, value]) => [
      name,
      plainValue(value),
    ]),
  );
}
