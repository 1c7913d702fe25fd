import { evaluateTriggers } from "../automations/evaluator.ts";
import { evaluateMetricTriggers } from "../automations/metrics.ts";
import { evaluateProactiveTriggers } from "../automations/proactive.ts";
import type { Service } from "../services.ts";

/** Shows events to the automations that want them: at once those of this server, within a second those of others. */
export const reactiveTriggers: Service = {
  name: "ReactiveTriggers",
  summary: "Fires automations because of events.",
  variable: "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED",
  intervalSeconds: () => 1,
  isEnabled: ({ server }) => server.services.triggers.enabled,
  isWokenBy: (ctx, events) => events.some((event) => ctx.automations.wants(event)),
  tick: evaluateTriggers,
};

/** Fires the automations that wait for events which have stayed away. */
export const proactiveTriggers: Service = {
  name: "ProactiveTriggers",
  summary: "Fires automations because events stay away.",
  variable: "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED",
  intervalSeconds: ({ server }) => server.events.proactive_granularity,
  isEnabled: ({ server }) => server.services.triggers.enabled,
  tick: evaluateProactiveTriggers,
};

/** Fires the automations that watch how flow runs fare. */
export const metricTriggers: Service = {
  name: "MetricTriggers",
  summary: "Fires automations because of how runs fare.",
  variable: "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED",
  intervalSeconds: () => 30,
  isEnabled: ({ server }) => server.services.triggers.enabled,
  tick: evaluateMetricTriggers,
};
