import type { Api } from "../api.ts";

export async function createType(
  api: Api,
  slug = "a-type",
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return (await api.post("/block_types/", { name: `The ${slug}`, slug, ...fields })).id;
}

export async function createSchema(
  api: Api,
  block_type_id: string,
  more: { readonly fields?: Readonly<Record<string, unknown>>; readonly [key: string]: unknown } = {},
): Promise<string> {
  const { fields, ...others } = more;
  const whole = { title: "AType", type: "object", properties: { a: { type: "string" } }, secret_fields: [], ...fields };
  return (await api.post("/block_schemas/", { fields: whole, block_type_id, ...others })).id;
}

export interface Kind {
  readonly block_type_id: string;
  readonly block_schema_id: string;
}

export async function createKind(
  api: Api,
  slug: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Kind> {
  const block_type_id = await createType(api, slug);
  return {
    block_type_id,
    block_schema_id: await createSchema(api, block_type_id, { fields: { title: slug, ...fields } }),
  };
}

/** Creates a named document of a kind and gives its id. */
export function documentsOf(api: Api, kind: Kind) {
  return async (name: string, data: Readonly<Record<string, unknown>> = {}) =>
    (await api.post("/block_documents/", { name, data, ...kind })).id;
}

/** Stands in a document for another one. */
export const reference = (block_document_id: string) => ({ $ref: { block_document_id } });
