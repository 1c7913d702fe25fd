import type { Db } from "../../db/database.ts";
import { queueActions } from "../../db/repositories/action-queue.ts";
import { keepAutomations } from "../../db/repositories/automations.ts";
import { insertServerEvents } from "../../db/repositories/events.ts";
import {
  listChildFirings,
  readKeyState,
  replaceChildFirings,
  type TriggerKey,
  writeKeyState,
} from "../../db/repositories/trigger-states.ts";
import { type Bucket, type Evaluated, holdsEvents, type KeyState } from "../../domain/automations/bucket.ts";
import { applyChildFiring } from "../../domain/automations/composite.ts";
import { consequencesOf, type Firing, type SeenEvent, type TriggeredAction } from "../../domain/automations/firing.ts";
import type { Measured } from "../../domain/automations/metric.ts";
import type {
  CompositeTrigger,
  TriggerPlace,
  WatchedAutomation,
  WatchedMetric,
  WatchedTrigger,
} from "../../domain/automations/watched-automation.ts";
import type { ServerContext } from "../context.ts";
import { queueForTriggers } from "./queue.ts";

interface KeyDraft {
  readonly key: TriggerKey;
  readonly from: KeyState;
  to: KeyState;
}

interface CompositeDraft {
  readonly automation_id: string;
  readonly parent_trigger_id: string;
  readonly from: readonly Firing[];
  firings: readonly Firing[];
}

/** The evaluation of triggers within one transaction: everything is read once, changed in memory, and written at the end. */
export interface Evaluation {
  /** Changes what the trigger remembers of a key, and fires as the change says. */
  change(trigger: WatchedTrigger, key: readonly string[], how: (state: KeyState) => Evaluated): Promise<void>;
  /** The same for a metric trigger, which has one key. */
  measure(trigger: WatchedMetric, how: (bucket: Bucket | undefined) => Measured): Promise<void>;
  /** Writes the changes, the events they caused (which are given) and the actions to do. */
  finish(): Promise<readonly SeenEvent[]>;
}

/** Call it with the lock on evaluation held. */
export function beginEvaluation(ctx: ServerContext, tx: Db): Evaluation {
  const keys = new Map<string, KeyDraft>();
  const composites = new Map<string, CompositeDraft>();
  const events: { readonly automationId: string; readonly event: SeenEvent }[] = [];
  const actions: TriggeredAction[] = [];

  const keyDraft = async (
    { id: trigger_id, automation }: TriggerPlace,
    bucketing_key: readonly string[],
    holds: boolean,
  ) => {
    const name = JSON.stringify([trigger_id, bucketing_key]);
    const known = keys.get(name);
    if (known) return known;
    const key = { automation_id: automation.stored.id, trigger_id, bucketing_key };
    const from = await readKeyState(tx, key, holds);
    const draft = { key, from, to: from };
    keys.set(name, draft);
    return draft;
  };
  const compositeDraft = async ({ stored }: WatchedAutomation, { id }: CompositeTrigger) => {
    const known = composites.get(id);
    if (known) return known;
    const ids = { automation_id: stored.id, parent_trigger_id: id };
    const from = await listChildFirings(tx, ids);
    const draft = { ...ids, from, firings: from };
    composites.set(id, draft);
    return draft;
  };

  /** A firing goes up through the triggers around it, as far as each of them fires in turn. */
  const fire = async (trigger: TriggerPlace, first: Firing) => {
    let firing = first;
    for (const parent of trigger.parents) {
      const draft = await compositeDraft(trigger.automation, parent);
      const { remembered, fires } = applyChildFiring(parent, draft.firings, firing);
      draft.firings = remembered;
      if (!fires) return;
      firing = { ...newFiring(ctx, parent, firing.triggering_event), triggering_firings: fires };
    }
    const { stored } = trigger.automation;
    const consequences = consequencesOf(stored, firing, () => ctx.ids.next());
    events.push(...consequences.events.map((event) => ({ automationId: stored.id, event })));
    actions.push(...consequences.actions);
  };

  return {
    async change(trigger, key, how) {
      const draft = await keyDraft(trigger, key, holdsEvents(trigger.definition));
      const { state, fired } = how(draft.to);
      draft.to = state;
      for (const event of fired) {
        const triggering_labels = Object.fromEntries(
          trigger.criteria.keyLabels.map((label, at) => [label, key[at] ?? ""]),
        );
        await fire(trigger, { ...newFiring(ctx, trigger.definition, event), triggering_labels });
      }
    },
    async measure(trigger, how) {
      const draft = await keyDraft(trigger, [], false);
      const { bucket, fired, value } = how(draft.to.bucket);
      draft.to = { ...draft.to, bucket };
      // What is over is no part of a compound.
      if (fired === undefined || (fired === "Resolved" && trigger.parents.length > 0)) return;
      const firing = newFiring(ctx, trigger.definition, null);
      await fire(trigger, { ...firing, trigger_states: [fired], triggering_value: value ?? null });
    },
    finish: () => write(ctx, tx, { keys: [...keys.values()], composites: [...composites.values()], events, actions }),
  };
}

interface Drafts {
  readonly keys: readonly KeyDraft[];
  readonly composites: readonly CompositeDraft[];
  readonly events: readonly { readonly automationId: string; readonly event: SeenEvent }[];
  readonly actions: readonly TriggeredAction[];
}

/** What belongs to an automation that has been deleted since is left out. */
async function write(
  ctx: ServerContext,
  tx: Db,
  { keys, composites, events, actions }: Drafts,
): Promise<readonly SeenEvent[]> {
  const kept = await keepAutomations(tx, [...new Set(keys.map(({ key }) => key.automation_id))]);
  const now = ctx.clock.now();
  const nextId = () => ctx.ids.next();
  const written = { now: ctx.db.dialect.timestamp(now), nextId };
  for (const { key, from, to } of keys) {
    if (kept.has(key.automation_id)) await writeKeyState(tx, key, { ...written, from, to });
  }
  for (const { from, firings, automation_id, parent_trigger_id } of composites) {
    if (from === firings || !kept.has(automation_id)) continue;
    await replaceChildFirings(tx, { automation_id, parent_trigger_id }, { ...written, firings });
  }
  const told = events.filter(({ automationId }) => kept.has(automationId)).map(({ event }) => event);
  await insertServerEvents(tx, told, { now, nextId });
  await queueForTriggers(ctx, tx, told);
  await queueActions(
    tx,
    actions.filter(({ automation }) => kept.has(automation.id)),
    now,
  );
  return told;
}

function newFiring(ctx: ServerContext, trigger: Firing["trigger"], event: SeenEvent | null): Firing {
  return {
    id: ctx.ids.next(),
    trigger,
    trigger_states: ["Triggered"],
    triggered: ctx.clock.now(),
    triggering_labels: {},
    triggering_firings: [],
    triggering_event: event,
    triggering_value: null,
  };
}
