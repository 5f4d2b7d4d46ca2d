// The two doors of the store, behind one form: AWS's JSON in and out.
import {
  fromJson,
  getOption,
  hasExtension,
  toJson,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type JsonObject,
  type JsonValue,
} from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import {
  KeyValue,
  TransactionCanceledSchema,
} from "../gen/parlor/kv/v1/kv_pb.js";
import { KeyValueStreams } from "../gen/parlor/kv/v1/streams_pb.js";
import {
  ExceptionSchema,
  transparent,
} from "../gen/parlor/options/v1/options_pb.js";
import { ask } from "../harness/aws.ts";
import { signingFetch } from "../harness/sigv4.ts";
import type { Suite } from "../harness/suite.ts";

/** An answer, or what it was refused with. */
export type Outcome =
  | { readonly answer: JsonObject }
  | {
      readonly refused: string;
      readonly words: string;
      readonly reasons: readonly string[];
    };

export interface Door {
  readonly name: string;
  send(operation: string, message: JsonObject): Promise<Outcome>;
}

// ---- AWS's ------------------------------------------------------------------

const isStreams = (operation: string) =>
  KeyValueStreams.methods.some(({ name }) => name === operation);

const codes = (reasons: JsonValue | undefined) =>
  (Array.isArray(reasons) ? reasons : []).map((reason) =>
    String((reason as JsonObject)["Code"]),
  );

export const awsDoor = (suite: Suite, now: () => Date): Door => ({
  name: "AWS",
  async send(operation, message) {
    const service = isStreams(operation) ? "DynamoDBStreams" : "DynamoDB";
    const { status, json } = await ask(suite, operation, message, {
      headers: { "x-amz-target": `${service}_20120810.${operation}` },
      now,
    });
    const answer = json as JsonObject;
    if (status === 200) return { answer };
    return {
      refused: String(answer["__type"]).replace(/.*#/, ""),
      words: String(answer["message"] ?? answer["Message"]),
      reasons: codes(answer["CancellationReasons"]),
    };
  },
});

// ---- Connect's --------------------------------------------------------------
// A message that AWS writes as the value of its only field is a message here.

function isTransparent(message: DescMessage): boolean {
  const options = message.proto.options;
  return Boolean(
    options &&
    hasExtension(options, transparent) &&
    getOption(message, transparent),
  );
}

type Convert = (message: DescMessage, json: JsonValue) => JsonValue;

function convertField(
  field: DescField,
  json: JsonValue,
  convert: Convert,
): JsonValue {
  const { message } = field;
  if (!message) return json;
  if (field.fieldKind === "list")
    return (json as JsonValue[]).map((one) => convert(message, one));
  if (field.fieldKind === "map")
    return Object.fromEntries(
      Object.entries(json as JsonObject).map(([key, one]) => [
        key,
        convert(message, one),
      ]),
    );
  return convert(message, json);
}

function convertFields(
  { fields }: DescMessage,
  json: JsonObject,
  convert: Convert,
): JsonObject {
  return Object.fromEntries(
    fields
      .filter(({ jsonName }) => json[jsonName] !== undefined)
      .map((field) => [
        field.jsonName,
        convertField(field, json[field.jsonName] as JsonValue, convert),
      ]),
  );
}

const toProto: Convert = (message, json) => {
  const [only] = message.fields;
  return isTransparent(message) && only
    ? { [only.jsonName]: convertField(only, json, toProto) }
    : convertFields(message, json as JsonObject, toProto);
};

const fromProto: Convert = (message, json) => {
  const [only] = message.fields;
  if (!isTransparent(message) || !only)
    return convertFields(message, json as JsonObject, fromProto);
  const empty = only.fieldKind === "map" ? {} : [];
  return convertField(
    only,
    (json as JsonObject)[only.jsonName] ?? empty,
    fromProto,
  );
};

function refusal(thrown: unknown): Outcome {
  const error = ConnectError.from(thrown);
  const [exception] = error.findDetails(ExceptionSchema);
  if (!exception) throw thrown;
  const [canceled] = error.findDetails(TransactionCanceledSchema);
  return {
    refused: exception.name,
    words: error.rawMessage,
    reasons: (canceled?.cancellationReasons ?? []).map(({ code }) => code),
  };
}

const isUnary = (method: DescMethod): method is DescMethodUnary =>
  method.methodKind === "unary";

export function connectDoor(suite: Suite, now: () => Date): Door {
  const transport = createConnectTransport({
    baseUrl: suite.url.kv,
    useBinaryFormat: true,
    fetch: signingFetch(suite.admin, suite.region, "dynamodb", now),
  });
  const methods: readonly DescMethod[] = [
    ...KeyValue.methods,
    ...KeyValueStreams.methods,
  ];
  const unary = methods.filter(isUnary);

  return {
    name: "Connect",
    async send(operation, message) {
      const method = unary.find(({ name }) => name === operation);
      if (!method) throw new Error(`there is no ${operation}`);
      const request = fromJson(method.input, toProto(method.input, message));
      try {
        const { message: answer } = await transport.unary(
          method,
          undefined,
          undefined,
          undefined,
          request,
        );
        const json = toJson(method.output, answer);
        return { answer: fromProto(method.output, json) as JsonObject };
      } catch (thrown) {
        return refusal(thrown);
      }
    },
  };
}
