import { expect, test } from "vitest";
import { schema } from "../../../src/db/migrations/0001-schema.ts";
import type { Table } from "../../../src/db/migrations/table-definition.ts";

/** Tables with few rows, which may be read from end to end when a row that they refer to is deleted. */
const SMALL = /^(?:agent|block_document|block_schema_reference|deployment|deployment_version|work_pool)$/;

const tables: readonly (readonly [name: string, table: Table])[] = Object.entries(schema);

function isIndexed({ indexes, uniqueIndexes, unique }: Table, column: string): boolean {
  const constraints = Object.values(unique).map((columns) => columns.join(", "));
  const keys = [...Object.values(indexes), ...Object.values(uniqueIndexes), ...constraints];
  return keys.some((key) => new RegExp(`^"?${column}"?(?:,| |$)`).test(key));
}

test("what refers to rows that are deleted by the thousand is found in an index", () => {
  const found = tables.flatMap(([name, table]) =>
    Object.entries(table.columns).flatMap(([column, { references }]) =>
      references === undefined || SMALL.test(name) || isIndexed(table, column) ? [] : [`${name}.${column}`],
    ),
  );

  expect(found).toEqual([]);
});
