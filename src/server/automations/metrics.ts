import { findMeasuredRuns, listRunEvents } from "../../db/repositories/measured-runs.ts";
import { lockEvaluation } from "../../db/repositories/trigger-queue.ts";
import { applyMeasurement, measure, measuredEvents } from "../../domain/automations/metric.ts";
import type { WatchedMetric } from "../../domain/automations/watched-automation.ts";
import { isUuid } from "../../kit/ids.ts";
import { addSeconds } from "../../kit/timestamp.ts";
import type { ServerContext } from "../context.ts";
import { beginEvaluation } from "./evaluation.ts";

/** Runs that one measurement looks at, the latest. */
const MAX_RUNS = 10_000;

/** Measures what automations watch, and fires those whose metric has been beyond its threshold, or back, for long enough. */
export async function evaluateMetricTriggers(ctx: ServerContext): Promise<number> {
  const automations = await ctx.automations.refresh(ctx.db.read);
  const triggers = [...automations.values()].flatMap(({ metricTriggers }) => metricTriggers);
  for (const trigger of triggers) await evaluateMetric(ctx, trigger);
  return triggers.length;
}

async function evaluateMetric(ctx: ServerContext, trigger: WatchedMetric): Promise<void> {
  const value = await measureNow(ctx, trigger);
  const events = await ctx.db.write(async (tx) => {
    await lockEvaluation(tx);
    const automation = (await ctx.automations.refresh(tx)).get(trigger.automation.stored.id);
    if (!automation?.metricTriggers.includes(trigger)) return [];
    const evaluation = beginEvaluation(ctx, tx);
    const now = ctx.clock.now();
    await evaluation.measure(trigger, (bucket) => applyMeasurement(trigger.definition.metric, bucket, { now, value }));
    return await evaluation.finish();
  });
  ctx.bus.publish(events);
}

async function measureNow(ctx: ServerContext, { definition, covers }: WatchedMetric): Promise<number | undefined> {
  const { metric } = definition;
  const since = addSeconds(ctx.clock.now(), -metric.range);
  const events = await listRunEvents(ctx.db.read, { names: measuredEvents(metric), since, limit: MAX_RUNS });
  const ids = new Set(events.filter((event) => covers(event) && isUuid(event.runId)).map(({ runId }) => runId));
  return measure(metric, await findMeasuredRuns(ctx.db.read, [...ids]));
}
