import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DatabaseKind, ReferenceServer } from "../support/reference.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { differences } from "./compare.ts";
import { sequences } from "./generated/sequences.ts";
import { play, startQuietReference } from "./recording.ts";
import { script } from "./script.ts";
import { runSteps, type Step } from "./steps.ts";
import { type Subjects, subjects } from "./subject.ts";

const RUNS = Number(process.env.PREFECT_TS_GENERATED_RUNS ?? 60);
const { PREFECT_TS_GENERATED_SEED: given = "1" } = process.env;
const SEED = given === "random" ? Date.now() % 1_000_000_000 : Number(given);
const TIME_LIMIT_MS = 20_000 + RUNS * 2_000;
const CORPUS = join(import.meta.dirname, "corpus");

const databases: readonly DatabaseKind[] = ["sqlite", "postgresql"];

/**
 * A difference is minimised and written into the corpus, whose sequences corpus.test.ts replays for ever after.
 * PREFECT_TS_GENERATED_SEED=random (or a number) makes other ones, PREFECT_TS_GENERATED_RUNS=n more of them.
 */
describe.each(databases)("generated sequences on %s", (database) => {
  describe.skipIf(missing("reference-3.9.1", ...databaseRequirements(database)))("with the reference", () => {
    let reference: ReferenceServer;
    let ours: Subjects;
    beforeAll(async () => {
      reference = await startQuietReference(database);
      ours = subjects(database);
    });
    afterAll(async () => {
      await Promise.all([reference[Symbol.asyncDispose](), ours[Symbol.asyncDispose]()]);
    });

    const compare = async (steps: readonly Step[]) => {
      const sequence = script("generated", (api) => runSteps(api, steps));
      await reference.clear();
      await using server = await ours.open();
      const [expected, answers] = await Promise.all([
        play(sequence, reference, { retriesUnavailable: true }),
        play(sequence, server, server),
      ]);
      // What the reference does after it has broken down is no example.
      const broken = expected.findIndex(({ status }) => status >= 500);
      const end = broken === -1 ? expected.length : broken;
      const failed = answers.find(({ status }) => status >= 500);
      if (failed) return `${failed.title} ${JSON.stringify(failed.request)} is answered ${failed.status}`;
      return differences(answers.slice(0, end), expected.slice(0, end));
    };

    test(
      `are answered alike (PREFECT_TS_GENERATED_SEED=${SEED})`,
      async () => {
        const property = fc.asyncProperty(sequences(), async (steps) => {
          const difference = await compare(steps);
          if (difference !== "") throw new Error(difference);
        });

        const result = await fc.check(property, {
          seed: SEED,
          numRuns: RUNS,
          interruptAfterTimeLimit: TIME_LIMIT_MS,
          markInterruptAsFailure: false,
        });

        if (!result.failed || result.counterexample === null) return;
        const file = await keep(result.counterexample[0], database);
        expect.fail(`Seed ${SEED}. Kept as ${file}.\n${String(result.errorInstance)}`);
      },
      TIME_LIMIT_MS + 60_000,
    );
  });
});

async function keep(steps: readonly Step[], database: DatabaseKind): Promise<string> {
  await mkdir(CORPUS, { recursive: true });
  const file = join(CORPUS, `found-${database}-${SEED}.json`);
  await writeFile(file, `${JSON.stringify({ name: `found with seed ${SEED}`, steps }, undefined, 2)}\n`);
  return file;
}
