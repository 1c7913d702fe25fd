import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/db/tables.ts";
import type { TriggeredAction } from "../../../src/domain/automations/firing.ts";
import { addSeconds, secondsBetween } from "../../../src/kit/timestamp.ts";
import { evaluateTriggers } from "../../../src/server/automations/evaluator.ts";
import { evaluateProactiveTriggers } from "../../../src/server/automations/proactive.ts";
import { startTestServer } from "../../../src/testing/test-server.ts";
import { createApi } from "../../compare/api.ts";
import { manualClock } from "../../support/manual-clock.ts";
import { missing } from "../../support/require.ts";
import { referenceFirings, SCENARIO_START, type Scenario, type SeenFiring, type Step } from "./trigger-oracle.ts";

const event = (fields: object) => ({
  type: "event",
  posture: "Reactive",
  for_each: ["prefect.resource.id"],
  ...fields,
});
const absent = (fields: object) => event({ posture: "Proactive", within: 20, ...fields });
const [a, b, c] = ["a", "b", "c"].map((name) => event({ expect: [name] }));

/** Not those that tell of the automations themselves. */
const ours = { "prefect.resource.id": ["one", "two"] };

/** One automation for each; every event is shown to all of them. */
const TRIGGERS: readonly object[] = [
  event({ expect: ["a"] }),
  event({ expect: ["a"], threshold: 2 }),
  event({ expect: ["a"], threshold: 2, within: 15 }),
  event({ expect: ["a", "b"], threshold: 3, within: 40, for_each: [] }),
  event({ expect: [], threshold: 4, within: 30, match: ours }),
  event({ expect: ["[ab]", "c*"], threshold: 2, within: 10 }),
  event({ expect: ["!a"], threshold: 2, within: 10 }),
  event({ after: ["a"], expect: ["b"], within: 15 }),
  event({ after: ["a"], expect: ["b"], threshold: 2, within: 15 }),
  event({ after: ["a"], expect: ["a"], within: 15 }),
  event({ after: ["a"], expect: ["a", "b"], threshold: 2, within: 25 }),
  event({ after: ["a"], expect: [], within: 25, match: ours }),
  event({ expect: ["b"], match: { "prefect.resource.id": ["one", "t*"] } }),
  absent({ expect: ["a"] }),
  absent({ expect: ["a"], for_each: [] }),
  absent({ expect: ["a"], for_each: [], threshold: 2 }),
  absent({ after: ["a"], expect: ["b"] }),
  absent({ after: ["a"], expect: ["b"], threshold: 2, within: 30 }),
  absent({ after: ["a"], expect: ["a", "b"] }),
  absent({ after: ["a"], expect: ["a", "b"], threshold: 2 }),
  absent({ after: ["c"], expect: ["a"], for_each: [] }),
  { type: "compound", require: "all", within: 20, triggers: [a, b] },
  { type: "compound", require: "any", within: 20, triggers: [a, b] },
  { type: "compound", require: 2, within: null, triggers: [a, b, c] },
  { type: "sequence", within: 30, triggers: [a, b] },
  { type: "sequence", within: null, triggers: [a, b, c] },
  { type: "sequence", within: 60, triggers: [{ type: "compound", require: "any", within: null, triggers: [a, b] }, c] },
  { type: "compound", require: "all", within: 60, triggers: [absent({ expect: ["c"], for_each: [] }), a] },
];

/** The same numbers for the same seed, from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function generate(seed: number, length: number): Scenario {
  const random = randomNumbers(seed);
  const oneOf = <T>(...choices: readonly T[]) => choices[Math.floor(random() * choices.length)] as T;
  const sent: NonNullable<Step["event"]>[] = [];
  let at = 0;
  const steps = Array.from({ length }, (_, index): Step => {
    // Never two at just the distance of a window: the clocks differ by microseconds.
    at = Math.round((at + oneOf(0.5, 1, 3, 7, 12) + random() / 4) * 1000) / 1000;
    const kind = random();
    if (kind < 0.35) return { at };
    const known = sent[Math.floor(random() * sent.length)];
    if (kind < 0.42 && known) return { at, event: known };
    const id = `00000000-0000-4000-8000-${String(seed * 1000 + index).padStart(12, "0")}`;
    // Some arrive late.
    const occurred = at - (random() < 0.25 ? oneOf(2, 9, 20) : 0);
    const made = { id, name: oneOf("a", "a", "b", "b", "c"), resource: oneOf("one", "two"), occurred };
    sent.push(made);
    return { at, event: made };
  });
  return { triggers: TRIGGERS, steps };
}

async function ourFirings({ triggers, steps }: Scenario): Promise<readonly SeenFiring[]> {
  const clock = manualClock(SCENARIO_START);
  await using server = await startTestServer({ clock });
  const api = createApi(server.apiUrl);
  const numbers = new Map<string, number>();
  for (const [number, trigger] of triggers.entries()) {
    const { id } = await api.post("/automations/", { name: "a", trigger, actions: [{ type: "do-nothing" }] });
    numbers.set(id, number);
  }
  const { ctx } = server;
  const firings: SeenFiring[] = [];
  for (const [step, { at, event: made }] of steps.entries()) {
    clock.advanceMs((at - secondsBetween(SCENARIO_START, clock.now())) * 1000);
    if (made) {
      const { id, name, resource, occurred } = made;
      const happened = { id, event: name, occurred: addSeconds(SCENARIO_START, occurred), follows: null };
      await ctx.ingest.add([{ ...happened, resource: { "prefect.resource.id": resource }, related: [], payload: {} }]);
      await evaluateTriggers(ctx);
    } else await evaluateProactiveTriggers(ctx);
    firings.push(...(await takeActions(server.ctx)).map((action) => seen(action, step, numbers)));
  }
  return firings;
}

async function takeActions(
  ctx: Awaited<ReturnType<typeof startTestServer>>["ctx"],
): Promise<readonly TriggeredAction[]> {
  const rows: readonly Row<"prefect_ts_action_queue">[] = await ctx.db.write((tx) =>
    tx.deleteFrom("prefect_ts_action_queue").returningAll().execute(),
  );
  return rows.map(({ triggered_action }) => JSON.parse(triggered_action) as TriggeredAction);
}

function seen(action: TriggeredAction, step: number, numbers: ReadonlyMap<string, number>): SeenFiring {
  const automation = numbers.get(action.automation.id) ?? -1;
  return { step, automation, labels: action.triggering_labels, event: action.triggering_event?.id ?? null };
}

/** Within a step automations fire in no particular order. */
function inOrder(firings: readonly SeenFiring[]): readonly string[] {
  return firings
    .map(({ step, automation, labels, event: id }) => JSON.stringify([step, automation, labels, id]))
    .toSorted();
}

describe.skipIf(missing("reference-3.9.1"))("with the reference there", () => {
  test.each([1, 2, 3])(
    "automations fire as the reference's do (events drawn with seed %i)",
    async (seed) => {
      const scenario = generate(seed, 120);

      const [theirs, ours] = [await referenceFirings(scenario), await ourFirings(scenario)];

      expect(theirs.length).toBeGreaterThan(100);
      expect(inOrder(ours)).toEqual(inOrder(theirs));
    },
    180_000,
  );
});
