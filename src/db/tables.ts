import type { Insertable, Selectable, Updateable } from "kysely";
import type { schema } from "./migrations/0001-schema.ts";
import type { RowOf } from "./migrations/table-definition.ts";
import type { ownTables } from "./migrations/tables/own.ts";

type Schema = typeof schema & typeof ownTables;

/**
 * Every table as Kysely sees it. Read: ids and JSON as text, timestamps in wire form, intervals as seconds, booleans as
 * booleans. Written: the same, but timestamps through `dialect.timestamp`, intervals through `dialect.interval`.
 */
export type Tables = { readonly [Name in keyof Schema]: RowOf<Schema[Name]> };

export type TableName = keyof Tables & string;

/** A row as it is read. */
export type Row<Name extends TableName> = Selectable<Tables[Name]>;
/** A row as it is inserted: columns with a default or null may be left out. */
export type NewRow<Name extends TableName> = Insertable<Tables[Name]>;
/** The columns of an update. */
export type RowChanges<Name extends TableName> = Updateable<Tables[Name]>;
