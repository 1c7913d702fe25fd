import { sql } from "kysely";
import type { Database } from "../database.ts";
import { type FoundIndex, listIndexes } from "../dialects/catalog.ts";
import { schema } from "./0001-schema.ts";
import { changeSchema } from "./change-schema.ts";
import { createIndexSql, type IndexDefinition, indexFingerprint, indexOf } from "./index-definition.ts";
import { REFERENCE_INDEXES } from "./reference-indexes.ts";
import type { Stage, Step } from "./step.ts";
import { buildIndex, removeIndex } from "./steps/indexes.ts";

/** The indexes of a database that was never the reference's, but for the unique ones. */
function ownIndexes(): readonly IndexDefinition[] {
  return Object.entries(schema).flatMap(([table, { indexes }]) =>
    Object.entries(indexes).map(([name, text]) => indexOf(table, name, text)),
  );
}

/** The steps from whatever indexes there are to ours; indexes that neither of us has made stay. */
export function stepsToOwnIndexes(database: Database): Promise<readonly Step[]> {
  const { name } = database.dialect;
  const theirs = REFERENCE_INDEXES[name].filter(({ isUnique }) => !isUnique);
  return planSwap(database, ownIndexes(), namesOf(theirs));
}

/** The steps from whatever indexes there are to the reference's; indexes that neither of us has made stay. */
export async function stepsToReferenceIndexes(database: Database): Promise<readonly Step[]> {
  const theirs = REFERENCE_INDEXES[database.dialect.name];
  const tables = new Set(Object.keys(schema));
  // Those of a newer or an older release of ours, too.
  const ours = (await listIndexes(database.read)).filter(
    ({ table, name }) => tables.has(table) && name.startsWith("prefect_ts_"),
  );
  return planSwap(database, theirs, new Set([...namesOf(ownIndexes()), ...ours.map(({ name }) => name)]));
}

const namesOf = (indexes: readonly IndexDefinition[]): ReadonlySet<string> => new Set(indexes.map(({ name }) => name));

/** New indexes come first, so that queries are never without one. */
async function planSwap(
  database: Database,
  wanted: readonly IndexDefinition[],
  unwanted: ReadonlySet<string>,
): Promise<readonly Step[]> {
  const found = await listIndexes(database.read);
  const foundByName = new Map(found.map((index) => [index.name, index]));
  const wantedNames = namesOf(wanted);
  const missing = wanted.filter((index) => !isSame(foundByName.get(index.name), index));
  const superfluous = found.filter(({ name }) => unwanted.has(name) && !wantedNames.has(name));
  return [
    ...missing.map((index) => buildStep(index, foundByName.has(index.name))),
    ...superfluous.map(({ name }) => ({
      title: `Drop index ${name}`,
      run: (stage: Stage) => removeIndex(stage.database, name),
    })),
  ];
}

function isSame(found: FoundIndex | undefined, wanted: IndexDefinition): boolean {
  return found?.isValid === true && indexFingerprint(found.sql) === indexFingerprint(createIndexSql(wanted));
}

function buildStep(index: IndexDefinition, isReplaced: boolean): Step {
  return {
    title: `Build index ${index.name}`,
    table: index.table,
    run: (stage) => (isReplaced ? replaceIndex(stage, index) : buildIndex(stage, index)),
  };
}

async function replaceIndex(stage: Stage, index: IndexDefinition): Promise<void> {
  const { database } = stage;
  if (!database.dialect.rowLocks) {
    return changeSchema(database, async (tx) => {
      await sql`drop index if exists ${sql.id(index.name)}`.execute(tx);
      await sql.raw(createIndexSql(index)).execute(tx);
    });
  }
  // As long as a name may be; the ends of names differ more than their beginnings.
  const temporary = `prefect_ts_new_${index.name.slice(-48)}`;
  await buildIndex(stage, index, temporary);
  await removeIndex(database, index.name);
  await changeSchema(database, (tx) =>
    sql`alter index ${sql.id(temporary)} rename to ${sql.id(index.name)}`.execute(tx),
  );
}
