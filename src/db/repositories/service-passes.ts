import type { Timestamp } from "../../kit/timestamp.ts";
import type { Db } from "../database.ts";
import { dialectOf } from "../dialects/dialect.ts";

/** When a service was last at work, locked until the transaction ends; undefined when it never was. */
export async function lockServicePass(db: Db, service: string): Promise<Timestamp | undefined> {
  const query = db.selectFrom("prefect_ts_service_pass").select("passed").where("service", "=", service);
  const row = await (dialectOf(db).rowLocks ? query.forUpdate() : query).executeTakeFirst();
  return row?.passed;
}

/** `id` is taken when the service has never been at work. */
export async function upsertServicePass(
  db: Db,
  pass: { readonly id: string; readonly service: string; readonly passed: Timestamp },
): Promise<void> {
  const at = dialectOf(db).timestamp(pass.passed);
  await db
    .insertInto("prefect_ts_service_pass")
    .values({ ...pass, passed: at, created: at, updated: at })
    .onConflict((conflict) => conflict.column("service").doUpdateSet({ passed: at, updated: at }))
    .execute();
}
