import { expect, test } from "vitest";
import { factsFor } from "../../../../src/domain/orchestration/rule.ts";
import { retrieveCachedState } from "../../../../src/domain/orchestration/task-rules/retrieve-cached-state.ts";
import { NOW, only, propose, stored, summary, taskRun } from "../support.ts";

const KEYED = { type: "RUNNING", state_details: { cache_key: "key" } } as const;

test("a task run whose cache key has a state takes that state over as a new one", () => {
  const cachedState = { ...stored({ type: "COMPLETED", data: { type: "reference" } }), id: "cached" };
  const decision = propose(only(retrieveCachedState), {
    run: taskRun(),
    from: { type: "PENDING" },
    to: KEYED,
    facts: { cachedState },
  });

  expect(summary(decision)).toBe("REJECT COMPLETED Cached: Retrieved state from cache");
  expect(decision.state).toMatchObject({ id: "new-1", timestamp: NOW, data: { type: "reference" } });
});

test("a task run whose cache key has no state runs", () => {
  const asked = { run: taskRun(), from: null, to: KEYED, facts: { cachedState: null } };

  expect(summary(propose(only(retrieveCachedState), asked))).toBe("ACCEPT RUNNING");
});

test.each([
  { details: { cache_key: "key" }, needed: ["cachedState"] },
  { details: { cache_key: "key", refresh_cache: true }, needed: [] },
  { details: { cache_key: "" }, needed: [] },
  { details: {}, needed: [] },
])("a task run with $details makes it look for $needed", ({ details, needed }) => {
  const proposed = stored({ type: "RUNNING", state_details: details });

  expect([...factsFor(only(retrieveCachedState), { run: taskRun(), initial: null, proposed, client: {} })]).toEqual(
    needed,
  );
});
