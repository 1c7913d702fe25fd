import * as s from "../../kit/schema/schema.ts";
import type { Json } from "./block-definitions.ts";

/** Another document in the place of a field's value. */
export interface DocumentReference {
  readonly name: string;
  readonly id: string;
}

export type SeparatedData =
  | { readonly kind: "separated"; readonly data: Json; readonly references: readonly DocumentReference[] }
  | { readonly kind: "refused"; readonly why: string };

const documentId = s.uuid();

/** Takes `{"$ref": {"block_document_id": …}}` out of a document's data: references are stored apart. Only top-level fields are looked at. */
export function separateReferences(data: Json): SeparatedData {
  const own: [string, unknown][] = [];
  const references: DocumentReference[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (!s.isRecord(value) || !Object.hasOwn(value, "$ref")) {
      own.push([name, value]);
      continue;
    }
    const given = s.isRecord(value.$ref) ? (value.$ref.block_document_id ?? null) : null;
    if (given === null) {
      return { kind: "refused", why: `Received block reference without a block_document_id in key ${name}` };
    }
    const id = documentId.parse(given);
    if (!id.ok) return { kind: "refused", why: `The block_document_id in key ${name} is not a valid UUID.` };
    references.push({ name, id: id.value });
  }
  return { kind: "separated", data: Object.fromEntries(own), references };
}
