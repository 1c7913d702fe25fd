import type { Database } from "../database.ts";
import { estimateRows } from "../dialects/catalog.ts";
import { chainOf } from "./chain.ts";
import { changeSchema } from "./change-schema.ts";
import { findRevision, moveRevision } from "./revision-table.ts";
import type { Step } from "./step.ts";

/** How far a change of the schema is. */
export interface Progress {
  /** The Alembic revision that is being reached; undefined for work between no two. */
  readonly revision: string | undefined;
  readonly step: string;
  /** Rows (or pages) done so far; undefined when the step begins. */
  readonly done?: number;
  readonly total?: number;
}

export type OnProgress = (progress: Progress) => void;

/** One step that is to be done, for people who want to know before. */
export interface PlannedStep {
  readonly revision: string;
  readonly migration: string;
  readonly step: string;
  /** About how many rows it goes through; 0 where that does not matter. */
  readonly rows: number;
}

interface Part {
  /** Where the database is afterwards. */
  readonly to: string;
  readonly from: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The next migration on the way from one revision to another, in either direction; undefined at the end of it. */
function nextPart(dialect: "sqlite" | "postgres", from: string, to: string): Part | undefined {
  const chain = chainOf(dialect);
  const position = (revision: string) => chain.findIndex((link) => link.to === revision);
  const needed = (steps: readonly Step[]) => steps.filter(({ only }) => only === undefined || only === dialect);
  if (position(from) < position(to)) {
    const link = chain[position(from) + 1];
    return link && { from, to: link.to, title: link.migration.title, steps: needed(link.migration.up) };
  }
  const link = position(from) > position(to) ? chain[position(from)] : undefined;
  return link && { from, to: link.from, title: `Undo: ${link.migration.title}`, steps: needed(link.migration.down) };
}

/** Steps with an estimate of the rows each goes through. */
export function estimateSteps(
  database: Database,
  steps: readonly Step[],
): Promise<readonly Pick<PlannedStep, "step" | "rows">[]> {
  return Promise.all(
    steps.map(async ({ title, table }) => {
      const rows = table === undefined ? 0 : await estimateRows(database.read, table);
      return { step: title, rows };
    }),
  );
}

/** Every step from one revision to another, with an estimate of the rows it goes through. */
export async function planChain(database: Database, from: string, to: string): Promise<readonly PlannedStep[]> {
  const planned: PlannedStep[] = [];
  for (let at = from; ; ) {
    const part = nextPart(database.dialect.name, at, to);
    if (!part) return planned;
    const steps = await estimateSteps(database, part.steps);
    planned.push(...steps.map((step) => ({ revision: part.to, migration: part.title, ...step })));
    if (part.steps.length === 0) {
      planned.push({ revision: part.to, migration: part.title, step: "Nothing to do", rows: 0 });
    }
    at = part.to;
  }
}

/**
 * Takes the database from the revision it is at to another, one migration after the other. Whatever was cut off before is
 * begun again; another process may do the same at the same time.
 */
export async function followChain(database: Database, to: string, onProgress: OnProgress): Promise<void> {
  for (;;) {
    const from = await findRevision(database.read);
    const part = from === undefined ? undefined : nextPart(database.dialect.name, from, to);
    if (!part) return;
    await runSteps(database, part.steps, (progress) => onProgress({ ...progress, revision: part.to }));
    await changeSchema(database, (tx) => moveRevision(tx, part.from, part.to));
  }
}

/** Runs steps one after the other. */
export async function runSteps(database: Database, steps: readonly Step[], onProgress: OnProgress): Promise<void> {
  for (const { title, run } of steps) {
    const progress = { revision: undefined, step: title };
    onProgress(progress);
    await run({
      database,
      report: (done, total) => onProgress({ ...progress, done, ...(total === undefined ? {} : { total }) }),
    });
  }
}
