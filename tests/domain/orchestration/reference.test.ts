import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../support/disposable.ts";
import { cached, runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";
import { playCase } from "./play-case.ts";
import { type FlowCase, referenceCases, type TaskCase } from "./reference-cases.ts";

type Answer = Record<string, unknown> & { readonly error?: string };

const CASES = referenceCases(2);

/** The reference's answers, kept from one run to the next while neither cases nor oracle change. */
async function askReference(cases: readonly (FlowCase | TaskCase)[]): Promise<readonly Answer[]> {
  const oracle = await readFile(join(import.meta.dirname, "reference-orchestration.py"), "utf8");
  const text = JSON.stringify(cases);
  const key = createHash("sha256").update(oracle).update(text).digest("hex").slice(0, 16);
  const answers = await cached(`orchestration-${key}.json`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "cases.json");
    await writeFile(path, text);
    return await runPython("3.9.1", oracle, { args: [path] });
  });
  return JSON.parse(answers) as readonly Answer[];
}

describe.skipIf(missing("reference-3.9.1"))("the reference decides the same", () => {
  let answers: readonly Answer[] = [];
  beforeAll(async () => {
    answers = await askReference(CASES);
  }, 300_000);

  test(`in ${CASES.length} transitions`, () => {
    const compared = CASES.flatMap((item, index) => {
      const answer = answers[index];
      return answer === undefined || isReferenceFailure(answer) ? [] : [{ item, answer }];
    });
    const differing = compared.flatMap(({ item, answer }) => {
      const ours = comparable(playCase(item), item);
      const theirs = comparable(answer, item);
      return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ item, ours, theirs }];
    });

    const [first] = differing;
    expect(first && { case: first.item, result: first.ours }).toEqual(
      first && { case: first.item, result: first.theirs },
    );
    expect(compared.length).toBeGreaterThan(CASES.length * 0.9);
  });
});

/** Where the reference answers 500: a held limit that is switched off, a scheduled background task with data. */
function isReferenceFailure({ error }: Answer): boolean {
  return error !== undefined && /Failed to release|MissingGreenlet/.test(error);
}

/** An answer without what we do differently on purpose. */
function comparable(answer: Answer, { kind, from, to }: FlowCase | TaskCase): unknown {
  const { state, ...rest } = answer;
  // Told to wait, a run that took a slot on the way keeps it in the reference, where nothing gives it back.
  const slots = answer.status === "WAIT" ? { active_slots: null, leases: null, legacy: null } : {};
  // Refused in PENDING, a paused run with a deployment limit is shown without the lease its stored state names.
  const isShownWithoutLease = kind === "flow" && from?.type === "PAUSED" && to.type === "PENDING";
  const details = { deployment_concurrency_lease_id: null };
  const shown = state as { readonly state_details: object } | null;
  return sorted({
    ...rest,
    ...slots,
    state: isShownWithoutLease ? shown && { ...shown, state_details: { ...shown.state_details, ...details } } : shown,
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
