import type { Db } from "../../db/database.ts";
import type { BlockDocumentRow } from "../../db/repositories/block-documents.ts";
import type { BlockSchemaRow } from "../../db/repositories/block-schemas.ts";
import type { Json } from "../../domain/blocks/block-definitions.ts";
import { decryptFernet, encryptFernet, type FernetKey } from "../../kit/fernet.ts";
import { parseJson } from "../../kit/json.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import type { ServerContext } from "../context.ts";
import { BlockDocumentUnreadable } from "../errors.ts";
import { findEncryptionKey } from "./encryption-key.ts";

/** Gives the data of a document in clear. @throws BlockDocumentUnreadable */
export type DocumentReader = (row: BlockDocumentRow) => Json;

export async function documentReader(ctx: ServerContext, db: Db): Promise<DocumentReader> {
  const key = await findEncryptionKey(ctx, db);
  return (row) => {
    const token = parseJson(row.data);
    const text = key && typeof token === "string" ? decryptFernet(key, token) : undefined;
    const data = text === undefined ? undefined : parseJson(text);
    if (!isRecord(data)) throw BlockDocumentUnreadable(row.id);
    return data;
  };
}

/** What the column `data` holds. */
export function encryptedData(ctx: ServerContext, key: FernetKey, data: Json): string {
  return JSON.stringify(encryptFernet(key, JSON.stringify(data), ctx.clock.nowMs()));
}

/** The dotted paths of a schema's secret fields; none where the schema does not list them properly. */
export function secretFieldsOf({ fields }: BlockSchemaRow): readonly string[] {
  const parsed = parseJson(fields);
  const listed = isRecord(parsed) ? parsed.secret_fields : undefined;
  return Array.isArray(listed) ? listed.filter((field) => typeof field === "string") : [];
}
