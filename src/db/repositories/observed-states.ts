import { sql } from "kysely";
import { fromDatabaseTimestamp, type Timestamp } from "../../kit/timestamp.ts";
import type { ObservedStateSort } from "../../schemas/observed-state.ts";
import type { Db } from "../database.ts";
import { listIndexes } from "../dialects/catalog.ts";

export interface ObservedStateRow {
  readonly state_type: string;
  readonly state_name: string;
  readonly first_seen: Timestamp;
  readonly last_seen: Timestamp;
}

/** All pairs of type and name that the states of flow runs and task runs have had. */
export async function listObservedStates(db: Db, sort: ObservedStateSort): Promise<readonly ObservedStateRow[]> {
  const newestFirst = sort === "LAST_SEEN_DESC" ? sql`last_seen desc, ` : sql``;
  const history = (await hasIndexes(db)) ? historyByIndex : historyByReadingAll;
  const query = sql<ObservedStateRow>`
    select cast(type as text) as state_type, name as state_name,
      min(first_seen) as first_seen, max(last_seen) as last_seen
    from (${history("flow_run_state")} union all ${history("task_run_state")}) as seen
    group by type, name
    order by ${newestFirst}state_type, state_name`;
  const { rows } = await query.execute(db);
  return rows.map((row) => ({ ...row, first_seen: wireTime(row.first_seen), last_seen: wireTime(row.last_seen) }));
}

type History = "flow_run_state" | "task_run_state";

/** In as many steps through the index of types, names and times as there are pairs. */
function historyByIndex(history: History) {
  const table = sql.table(history);
  return sql`select * from (
    with recursive types (type) as (
      select min(type) from ${table}
      union all select (select min(type) from ${table} where type > types.type) from types where types.type is not null
    ), pairs (type, name) as (
      select types.type, (select min(name) from ${table} where type = types.type) from types where types.type is not null
      union all select pairs.type, (select min(name) from ${table} where type = pairs.type and name > pairs.name)
        from pairs where pairs.name is not null
    )
    select type, name,
      (select min(timestamp) from ${table} where type = pairs.type and name = pairs.name) as first_seen,
      (select max(timestamp) from ${table} where type = pairs.type and name = pairs.name) as last_seen
    from pairs where name is not null) as ${sql.id(`${history}s`)}`;
}

/** On a PostgreSQL that has been adopted and not optimized. */
function historyByReadingAll(history: History) {
  return sql`
    select type, name, min(timestamp) as first_seen, max(timestamp) as last_seen
    from ${sql.table(history)} group by type, name`;
}

async function hasIndexes(db: Db): Promise<boolean> {
  const found = await listIndexes(db);
  return ["flow_run_state", "task_run_state"].every((history) =>
    found.some(({ name, isValid }) => isValid && name === `ix_${history}__type_name_timestamp`),
  );
}

/** SQLite gives the result of a function as it is stored. */
const wireTime = (text: string) => fromDatabaseTimestamp(text.replace("Z", ""));
