import { sql } from "kysely";
import type { Db } from "../database.ts";
import { changeSchema } from "./change-schema.ts";
import type { Stage } from "./step.ts";

/** Repeats `batch`, each time in a transaction of its own, until it says that nothing was left; it gives the rows it did. */
export async function untilDone(stage: Stage, batch: (tx: Db) => Promise<number>): Promise<void> {
  for (let done = 0; ; ) {
    let rows = 0;
    await changeSchema(stage.database, async (tx) => {
      rows = await batch(tx);
    });
    if (rows === 0) return;
    done += rows;
    stage.report(done);
  }
}

/** Ids of one batch: large enough that the transaction around it costs little, small enough to be over in a moment. */
const BATCH_ROWS = 5000;

/** Walks through a table by id, a few thousand rows a transaction: `batch` gets the ids it is to be about, both included. */
export async function throughIds(
  stage: Stage,
  table: string,
  batch: (tx: Db, range: { readonly from: string; readonly to: string }) => Promise<unknown>,
): Promise<void> {
  let after: string | undefined;
  for (let done = 0; ; ) {
    const ids = await nextIds(stage.database.read, table, after);
    const [from, to] = [ids[0], ids.at(-1)];
    if (from === undefined || to === undefined) return;
    await changeSchema(stage.database, (tx) => batch(tx, { from, to }));
    after = to;
    done += ids.length;
    stage.report(done);
  }
}

async function nextIds(db: Db, table: string, after: string | undefined): Promise<readonly string[]> {
  const rest = after === undefined ? sql`` : sql`where id > ${after}`;
  const query = sql<{ id: string }>`select id from ${sql.id(table)} ${rest} order by id limit ${sql.lit(BATCH_ROWS)}`;
  const { rows } = await query.execute(db);
  return rows.map(({ id }) => id);
}
