import { sql } from "kysely";
import { fromDatabaseTimestamp, type Timestamp } from "../../kit/timestamp.ts";
import type { ObservedStateSort } from "../../schemas/observed-state.ts";
import type { Db } from "../database.ts";

export interface ObservedStateRow {
  readonly state_type: string;
  readonly state_name: string;
  readonly first_seen: Timestamp;
  readonly last_seen: Timestamp;
}

/** All pairs of type and name that the states of flow runs and task runs have had. */
export async function listObservedStates(db: Db, sort: ObservedStateSort): Promise<readonly ObservedStateRow[]> {
  const newestFirst = sort === "LAST_SEEN_DESC" ? sql`last_seen desc, ` : sql``;
  const query = sql<ObservedStateRow>`
    select state_type, state_name, min(first_seen) as first_seen, max(last_seen) as last_seen
    from (${history("flow_run_state")} union all ${history("task_run_state")}) as seen
    group by state_type, state_name
    order by ${newestFirst}state_type, state_name`;
  const { rows } = await query.execute(db);
  return rows.map((row) => ({ ...row, first_seen: wireTime(row.first_seen), last_seen: wireTime(row.last_seen) }));
}

function history(table: "flow_run_state" | "task_run_state") {
  return sql`
    select cast("type" as text) as state_type, "name" as state_name,
      min("timestamp") as first_seen, max("timestamp") as last_seen
    from ${sql.table(table)} group by "type", "name"`;
}

/** SQLite gives the result of a function as it is stored. */
const wireTime = (text: string) => fromDatabaseTimestamp(text.replace("Z", ""));
