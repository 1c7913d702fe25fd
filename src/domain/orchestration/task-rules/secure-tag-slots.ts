import { clampedPoissonInterval, roundHalfEven } from "../delays.ts";
import type { LegacyTagLimitFact, TagLimitFact, TaskRunColumns } from "../facts.ts";
import { ANY, type Rule, type Transition, type Verdict } from "../rule.ts";

/** Callers cannot renew a lease on a tag, so it lives until the task run ends: about a hundred years. */
const TAG_LEASE_SECONDS = 100 * 365 * 86_400;

type Blocked = Extract<Verdict<TaskRunColumns>, { readonly kind: "abort" | "wait" }>;

/** A task run starts only when every concurrency limit on its tags has a slot for it; it takes all of them or none. */
export const secureTagSlots: Rule<TaskRunColumns, "tagLimits"> = {
  name: "secure-tag-slots",
  from: ANY,
  to: ["RUNNING"],
  facts: ["tagLimits"],
  applies: ({ run }) => run.tags.length > 0,
  decide(transition, { tagLimits }) {
    const { run, ids } = transition;
    const current = tagLimits.current.filter((limit) => limit.active);
    const legacy = tagLimits.legacy.filter(({ tag }) => current.every((limit) => limit.tag !== tag));
    const blocked = blockedByCurrent(current, transition) ?? blockedByLegacy(legacy, transition);
    if (blocked !== undefined) return blocked;

    const taken = {
      kind: "take-slots",
      limitIds: current.map((limit) => limit.id),
      leaseId: ids.next(),
      ttlSeconds: TAG_LEASE_SECONDS,
      holder: { type: "task_run", id: run.id },
    } as const;
    const listed = { kind: "take-legacy-tag-slots", tags: legacy.map(({ tag }) => tag), taskRunId: run.id } as const;
    return {
      kind: "pass",
      effects: [...(current.length > 0 ? [taken] : []), ...(legacy.length > 0 ? [listed] : [])],
    };
  },
};

function blockedByCurrent(
  limits: readonly TagLimitFact[],
  { random, settings }: Transition<TaskRunColumns>,
): Blocked | undefined {
  const usable = limits.filter((limit) => limit.limit > 0);
  const [first] = usable;
  if (first !== undefined && usable.some((limit) => limit.occupiedSlots + 1 > limit.limit)) {
    const contended = usable.reduce((worst, limit) => (load(limit) > load(worst) ? limit : worst), first);
    const average = Math.min(
      contended.avg_slot_occupancy_seconds || settings.tagSlotWaitSeconds,
      settings.tagSlotWaitSeconds,
    );
    return {
      kind: "wait",
      seconds: roundHalfEven(clampedPoissonInterval(average, random)),
      reason: `Concurrency limit reached for tags: ${usable.map(({ tag }) => tag).join(", ")}`,
    };
  }
  const dead = limits.findLast((limit) => limit.limit === 0);
  return dead && deadlock(dead.tag);
}

function load(limit: TagLimitFact): number {
  return limit.active_slots / limit.limit;
}

/** The last tag without room gives the reason, as callers of the reference see it. */
function blockedByLegacy(
  limits: readonly LegacyTagLimitFact[],
  { settings }: Transition<TaskRunColumns>,
): Blocked | undefined {
  const full = limits.findLast((limit) => limit.active_slots.length >= limit.concurrency_limit);
  if (full === undefined) return undefined;
  if (full.concurrency_limit === 0) return deadlock(full.tag);
  return {
    kind: "wait",
    seconds: Math.trunc(settings.tagSlotWaitSeconds),
    reason: `Concurrency limit for the ${full.tag} tag has been reached`,
  };
}

function deadlock(tag: string): Blocked {
  return {
    kind: "abort",
    reason: `The concurrency limit on tag "${tag}" is 0 and will deadlock if the task tries to run again.`,
  };
}
