import type { Database } from "../database.ts";

/** Where a step runs, and whom it tells how far it is. */
export interface Stage {
  readonly database: Database;
  /** Called now and then by steps that take long; `total` where it is known. */
  report(done: number, total?: number): void;
}

/**
 * One thing a migration does. A step that has been done does nothing, so that a migration that was cut off is simply
 * begun again, and two processes may run it at once.
 */
export interface Step {
  /** In the imperative, for people. */
  readonly title: string;
  /** The table it goes through row by row; undefined where its cost does not depend on rows. */
  readonly table?: string;
  /** Set where the other database does not need it. */
  readonly only?: "sqlite" | "postgres";
  run(stage: Stage): Promise<void>;
}

/** The difference between one revision of the reference and the next, as our own steps. */
export interface Migration {
  /** In the imperative, for people. */
  readonly title: string;
  /** The Alembic revision it leads to, and whose work it equals; undefined where that database has none. */
  readonly revision: { readonly sqlite?: string; readonly postgres?: string };
  readonly up: readonly Step[];
  /** Back to the revision before. */
  readonly down: readonly Step[];
}
