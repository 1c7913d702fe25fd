import { scheduleParameters } from "./0002-schedule-parameters.ts";
import { scheduleSlugs } from "./0003-schedule-slugs.ts";
import { workPoolStorage } from "./0004-work-pool-storage.ts";
import { deploymentVersions } from "./0005-deployment-versions.ts";
import { eventGinIndexes } from "./0006-event-gin-indexes.ts";
import { notificationsToAutomations } from "./0007-notifications-to-automations.ts";
import { followerIndex } from "./0008-follower-index.ts";
import { automationTags } from "./0009-automation-tags.ts";
import { freeTaskRunState } from "./0010-free-task-run-state.ts";
import { tagLimitsToGlobalLimits } from "./0011-tag-limits-to-global-limits.ts";
import { scheduleIdIndex } from "./0012-schedule-id-index.ts";
import { taskRunStateIndex } from "./0013-task-run-state-index.ts";
import { noBlockWithinItself } from "./0014-no-block-within-itself.ts";
import { eventResourceTimeIndex } from "./0015-event-resource-time-index.ts";
import { eventResourceEventIndex } from "./0016-event-resource-event-index.ts";
import { flowRunDeploymentIndex } from "./0017-flow-run-deployment-index.ts";
import { wholeEventResourceIndex } from "./0018-whole-event-resource-index.ts";
import { flowRunStateIndex } from "./0019-flow-run-state-index.ts";
import { heldEvents } from "./0020-held-events.ts";
import { observedStateIndexes } from "./0021-observed-state-indexes.ts";
import type { Migration } from "./step.ts";

/** From Prefect 3.1.7's tables to 3.9.1's, oldest first. Append-only. */
export const migrations: readonly Migration[] = [
  scheduleParameters,
  scheduleSlugs,
  workPoolStorage,
  deploymentVersions,
  eventGinIndexes,
  notificationsToAutomations,
  followerIndex,
  automationTags,
  freeTaskRunState,
  tagLimitsToGlobalLimits,
  scheduleIdIndex,
  taskRunStateIndex,
  noBlockWithinItself,
  eventResourceTimeIndex,
  eventResourceEventIndex,
  flowRunDeploymentIndex,
  wholeEventResourceIndex,
  flowRunStateIndex,
  heldEvents,
  observedStateIndexes,
];
