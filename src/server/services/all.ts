import type { Service } from "../services.ts";
import { automationActions } from "./actions.ts";
import { cancellation } from "./cancellation.ts";
import { cleanupReconciler } from "./cleanup-reconciler.ts";
import { foreman } from "./foreman.ts";
import { hourCounts } from "./hour-counts.ts";
import { lateRuns } from "./late-runs.ts";
import { pauseExpirations } from "./pause-expirations.ts";
import { leaseRepossessor } from "./repossess-leases.ts";
import { eventRetention } from "./retention/events.ts";
import { flowRunRetention } from "./retention/flow-runs.ts";
import { orphanRetention } from "./retention/orphans.ts";
import { runLeases } from "./run-leases.ts";
import { recentDeployments, scheduler } from "./scheduler.ts";
import { metricTriggers, proactiveTriggers, reactiveTriggers } from "./triggers.ts";

/** Every background service, in the order they are started. */
export const services: readonly Service[] = [
  scheduler,
  recentDeployments,
  lateRuns,
  pauseExpirations,
  cancellation,
  runLeases,
  foreman,
  leaseRepossessor,
  cleanupReconciler,
  automationActions,
  reactiveTriggers,
  proactiveTriggers,
  metricTriggers,
  hourCounts,
  flowRunRetention,
  eventRetention,
  orphanRetention,
];
