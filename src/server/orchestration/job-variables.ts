import type { Db } from "../../db/database.ts";
import { findBlockDocument } from "../../db/repositories/block-documents.ts";
import { checkAgainstSchema } from "../../domain/parameters/check-against-schema.ts";
import { isObject, type JsonObject } from "../../domain/parameters/json-types.ts";
import { isUuid } from "../../kit/ids.ts";
import { parseJson } from "../../kit/json.ts";
import { loadDocuments } from "../blocks/load-documents.ts";
import type { ServerContext } from "../context.ts";
import { BlockNotFound, CircularSchema, JobVariablesRefused } from "../errors.ts";

export interface JobVariableCheck {
  /** JSON text. */
  readonly template: string;
  /** Later ones win over earlier ones, and all over the template's defaults. */
  readonly layers: readonly unknown[];
  /** Begins the error, such as "Error creating flow run: ". */
  readonly doing: string;
  /** False where variables may still be added later. */
  readonly mustBeComplete: boolean;
  /** Defaults of the template that break its own schema are left out instead of refused. @default true */
  readonly ignoreInvalidDefaults?: boolean;
}

/** Checks job variables against a work pool's template. @throws JobVariablesRefused, BlockNotFound, CircularSchema */
export async function checkJobVariables(ctx: ServerContext, tx: Db, check: JobVariableCheck): Promise<void> {
  const template = parseJson(check.template);
  const schema = isObject(template) ? template.variables : undefined;
  if (!isObject(schema) || Object.keys(schema).length === 0) return;
  const { ignoreInvalidDefaults = true } = check;
  const { defaults, hasInvalid } = await readDefaults(schema, {
    ignoreInvalid: ignoreInvalidDefaults,
    dataOf: (reference) => blockData(ctx, tx, reference),
  });
  const values = Object.assign({}, defaults, ...check.layers.filter(isObject)) as JsonObject;
  const problem = checkAgainstSchema(values, schema, {
    ignoreRequired: !check.mustBeComplete || (ignoreInvalidDefaults && hasInvalid),
    allowNoneWithDefault: true,
  });
  if (problem?.kind === "circular") throw CircularSchema();
  if (problem) throw JobVariablesRefused(`${check.doing}${problem.message}`);
}

async function readDefaults(
  schema: JsonObject,
  {
    ignoreInvalid,
    dataOf,
  }: { ignoreInvalid: boolean; dataOf: (reference: unknown) => Promise<JsonObject | undefined> },
) {
  const defaults: Record<string, unknown> = {};
  let hasInvalid = false;
  for (const [name, attributes] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    if (!isObject(attributes) || !Object.hasOwn(attributes, "default")) continue;
    const given = attributes.default;
    const value = isObject(given) && Object.hasOwn(given, "$ref") ? await dataOf(given.$ref) : given;
    if (value === undefined) continue;
    const options = { isExact: true, ignoreRequired: true };
    if (ignoreInvalid && checkAgainstSchema({ [name]: value }, schema, options) !== undefined) hasInvalid = true;
    else defaults[name] = value;
  }
  return { defaults, hasInvalid };
}

/** What a block document that a default refers to holds, its secrets masked; undefined for a reference to nothing. */
async function blockData(ctx: ServerContext, tx: Db, reference: unknown): Promise<JsonObject | undefined> {
  const id = isObject(reference) ? reference.block_document_id : undefined;
  if (id === undefined || id === null) return undefined;
  const row = isUuid(String(id)) ? await findBlockDocument(tx, String(id).toLowerCase()) : undefined;
  if (!row) throw BlockNotFound();
  return (await loadDocuments(ctx, tx, { rows: [row], includeSecrets: false }))[0]?.data;
}
