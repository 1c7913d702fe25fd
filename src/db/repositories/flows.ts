import type { Db } from "../database.ts";
import { prepare } from "../prepared.ts";
import type { Row } from "../tables.ts";

const readOne = prepare<{ id: string }, Row<"flow">>("read_flow", (db, value) =>
  db.selectFrom("flow").selectAll().where("id", "=", value("id")),
);

export async function findFlow(db: Db, id: string): Promise<Row<"flow"> | undefined> {
  const rows = await readOne(db, { id });
  return rows[0];
}

const readByName = prepare<{ name: string }, Row<"flow">>("read_flow_by_name", (db, value) =>
  db.selectFrom("flow").selectAll().where("name", "=", value("name")),
);

export async function findFlowByName(db: Db, name: string): Promise<Row<"flow"> | undefined> {
  const rows = await readByName(db, { name });
  return rows[0];
}
