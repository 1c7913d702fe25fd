import type { Db } from "../database.ts";
import type { Row } from "../tables.ts";

/** The token of a client, expired or not. */
export async function findCsrfToken(db: Db, client: string): Promise<Row<"csrf_token"> | undefined> {
  return db.selectFrom("csrf_token").selectAll().where("client", "=", client).executeTakeFirst();
}

/** A client's new token; times in the database's form. */
export interface NewCsrfToken {
  /** Taken when the client has no token yet. */
  readonly id: string;
  readonly client: string;
  readonly token: string;
  readonly expiration: string;
  readonly now: string;
}

/** Gives a client a token in place of the one it had. */
export async function upsertCsrfToken(db: Db, { now, ...given }: NewCsrfToken): Promise<Row<"csrf_token">> {
  const { token, expiration } = given;
  return db
    .insertInto("csrf_token")
    .values({ ...given, created: now, updated: now })
    .onConflict((conflict) => conflict.column("client").doUpdateSet({ token, expiration, updated: now }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** `now` in the database's form. */
export async function deleteExpiredCsrfTokens(db: Db, now: string): Promise<void> {
  await db.deleteFrom("csrf_token").where("expiration", "<", now).execute();
}
