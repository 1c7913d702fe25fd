import type { Database } from "../database.ts";
import { HEAD } from "./0001-schema.ts";
import { resolveRevision, supportedRevisions } from "./chain.ts";
import { changeSchema } from "./change-schema.ts";
import { DatabaseNotCurrent, RevisionNotFound } from "./errors.ts";
import { estimateSteps, followChain, type OnProgress, type PlannedStep, planChain, runSteps } from "./follow-chain.ts";
import { planHandBack, stepsToForgetUs, stepsToReferenceSchema } from "./hand-back.ts";
import { oneAtATime, refuseUnsupported } from "./migrate.ts";
import { planOptimization } from "./optimize.ts";
import { createOwnTables } from "./own-tables.ts";
import { findRevision, stampRevision } from "./revision-table.ts";
import type { Step } from "./step.ts";

/** Work on a database at 3.9.1's newest revision that leaves it there. */
export type Makeover = "optimize" | "hand-back";

const plans: Readonly<Record<Makeover, (database: Database) => Promise<readonly Step[]>>> = {
  optimize: planOptimization,
  "hand-back": planHandBack,
};

type PlannedWork = readonly Pick<PlannedStep, "step" | "rows">[];

/** The steps a makeover would take. Throws DatabaseNotCurrent where the database is at another revision. */
export async function planMakeover(database: Database, makeover: Makeover): Promise<PlannedWork> {
  return estimateSteps(database, await stepsOf(database, makeover));
}

/** Does it, one process at a time, and gives the steps taken. Whatever was cut off before goes on. */
export async function runMakeover(database: Database, makeover: Makeover, onProgress: OnProgress): Promise<number> {
  return oneAtATime(database, async () => {
    const steps = await stepsOf(database, makeover);
    await runSteps(database, steps, onProgress);
    return steps.length;
  });
}

async function stepsOf(database: Database, makeover: Makeover): Promise<readonly Step[]> {
  const revision = await findRevision(database.read);
  if (revision !== HEAD[database.dialect.name]) throw DatabaseNotCurrent(revision);
  return plans[makeover](database);
}

/** Where a downgrade leads from and to. */
async function wayDown(database: Database, wanted: string) {
  const from = await findRevision(database.read);
  if (from === undefined) throw DatabaseNotCurrent(from);
  refuseUnsupported(database, from);
  const to = resolveRevision(database.dialect.name, wanted, from);
  const revisions = supportedRevisions(database.dialect.name);
  if (revisions.indexOf(to) > revisions.indexOf(from)) throw RevisionNotFound(wanted);
  const isFromHead = from === HEAD[database.dialect.name] && to !== from;
  return { from, to, restoring: isFromHead ? await stepsToReferenceSchema(database) : [] };
}

/** The steps `downgrade` would take. */
export async function planDowngrade(database: Database, wanted: string): Promise<readonly PlannedStep[]> {
  const { from, to, restoring } = await wayDown(database, wanted);
  if (from === to) return [];
  const restored = await estimateSteps(database, restoring);
  const forgotten = await estimateSteps(database, stepsToForgetUs);
  return [
    ...restored.map((step) => ({ revision: from, migration: "Restore the reference's schema", ...step })),
    ...(await planChain(database, from, to)),
    ...forgotten.map((step) => ({ revision: to, migration: "Leave nothing of ours behind", ...step })),
  ];
}

/** Takes the database back to an older release of the reference, with the schema that release knows. */
export async function downgrade(database: Database, wanted: string, onProgress: OnProgress): Promise<void> {
  await oneAtATime(database, async () => {
    const { from, to, restoring } = await wayDown(database, wanted);
    if (from === to) return;
    // Slots are looked for in leases, which a database of the reference's does not have.
    await changeSchema(database, createOwnTables);
    await runSteps(database, restoring, onProgress);
    await followChain(database, to, onProgress);
    await runSteps(database, stepsToForgetUs, onProgress);
  });
}

/** Writes that the database is at a revision, and changes nothing else. Gives the revision. */
export async function stamp(database: Database, wanted: string): Promise<string> {
  const to = resolveRevision(database.dialect.name, wanted, (await findRevision(database.read)) ?? "");
  await changeSchema(database, (tx) => stampRevision(tx, to));
  return to;
}
