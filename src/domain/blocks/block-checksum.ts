import { createHash } from "node:crypto";
import { isRecord } from "../../kit/schema/schema.ts";
import { pythonJson } from "../python-json.ts";
import { definitionsOf, type Json, nonBlockDefinitions } from "./block-definitions.ts";

/**
 * What identifies a block schema, such as `sha256:…`: clients compute it, too, over the fields without the lists of
 * secret fields and without the definitions of nested blocks. `fields` as read by `parseJson`.
 */
export function blockChecksum(fields: Json): string {
  const plain = withoutSecretFields(fields) as Json;
  const definitions = definitionsOf(plain);
  const used = definitions && nonBlockDefinitions(plain, definitions);
  const { definitions: _all, ...rest } = plain;
  const hashed = definitions === undefined ? plain : { ...rest, ...(isEmpty(used) ? {} : { definitions: used }) };
  return `sha256:${createHash("sha256")
    .update(pythonJson([[hashed], {}]))
    .digest("hex")}`;
}

function isEmpty(definitions: Json | undefined): boolean {
  return definitions === undefined || Object.keys(definitions).length === 0;
}

/** Objects in arrays keep theirs, as in the reference. */
function withoutSecretFields(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "secret_fields");
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutSecretFields(entry)]));
}
