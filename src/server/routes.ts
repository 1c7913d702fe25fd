import type { Route } from "./route.ts";
import { adminRoutes } from "./routes/admin.ts";
import { artifactRoutes } from "./routes/artifacts.ts";
import { automationRoutes } from "./routes/automations.ts";
import { blockDocumentRoutes } from "./routes/block-documents.ts";
import { blockSchemaRoutes } from "./routes/block-schemas.ts";
import { blockTypeRoutes } from "./routes/block-types.ts";
import { collectionRoutes } from "./routes/collections.ts";
import { concurrencyLimitRoutes } from "./routes/concurrency-limits.ts";
import { globalConcurrencyLimitRoutes } from "./routes/concurrency-limits-v2.ts";
import { concurrencySlotRoutes } from "./routes/concurrency-slots.ts";
import { deploymentRunRoutes } from "./routes/deployment-runs.ts";
import { deploymentScheduleRoutes } from "./routes/deployment-schedules.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { eventRoutes } from "./routes/events.ts";
import { flowRunBulkRoutes } from "./routes/flow-run-bulk.ts";
import { flowRunGraphRoutes } from "./routes/flow-run-graph.ts";
import { flowRunHistoryRoutes } from "./routes/flow-run-history.ts";
import { flowRunInputRoutes } from "./routes/flow-run-inputs.ts";
import { flowRunResumeRoutes } from "./routes/flow-run-resume.ts";
import { flowRunRoutes } from "./routes/flow-runs.ts";
import { flowRoutes } from "./routes/flows.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { logRoutes } from "./routes/logs.ts";
import { observedStateRoutes } from "./routes/observed-states.ts";
import { runStateRoutes } from "./routes/run-states.ts";
import { savedSearchRoutes } from "./routes/saved-searches.ts";
import { taskRunHistoryRoutes } from "./routes/task-run-history.ts";
import { taskRunRoutes } from "./routes/task-runs.ts";
import { taskWorkerRoutes } from "./routes/task-workers.ts";
import { templateRoutes } from "./routes/templates.ts";
import { uiRunRoutes } from "./routes/ui-runs.ts";
import { uiSchemaRoutes } from "./routes/ui-schemas.ts";
import { uiTaskRunRoutes } from "./routes/ui-task-runs.ts";
import { variableRoutes } from "./routes/variables.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { workPoolQueueRoutes } from "./routes/work-pool-queues.ts";
import { workPoolRunRoutes } from "./routes/work-pool-runs.ts";
import { workPoolRoutes } from "./routes/work-pools.ts";
import { workQueueRoutes } from "./routes/work-queues.ts";
import { workerRoutes } from "./routes/workers.ts";

/** Every operation of the API. The HTTP edge mounts them and the OpenAPI document lists them. */
export const routes: readonly Route[] = [
  ...adminRoutes,
  ...flowRoutes,
  ...logRoutes,
  ...runStateRoutes,
  ...observedStateRoutes,
  ...savedSearchRoutes,
  ...eventRoutes,
  ...automationRoutes,
  ...templateRoutes,
  ...variableRoutes,
  ...webhookRoutes,
  ...hookRoutes,
  ...artifactRoutes,
  ...flowRunHistoryRoutes,
  ...flowRunBulkRoutes,
  ...flowRunGraphRoutes,
  ...uiRunRoutes,
  ...flowRunRoutes,
  ...flowRunResumeRoutes,
  ...flowRunInputRoutes,
  ...taskRunHistoryRoutes,
  ...taskRunRoutes,
  ...taskWorkerRoutes,
  ...uiTaskRunRoutes,
  ...uiSchemaRoutes,
  ...collectionRoutes,
  ...concurrencyLimitRoutes,
  ...globalConcurrencyLimitRoutes,
  ...concurrencySlotRoutes,
  ...deploymentRoutes,
  ...deploymentScheduleRoutes,
  ...deploymentRunRoutes,
  ...workPoolRoutes,
  ...workPoolRunRoutes,
  ...workPoolQueueRoutes,
  ...workerRoutes,
  ...workQueueRoutes,
  ...blockTypeRoutes,
  ...blockSchemaRoutes,
  ...blockDocumentRoutes,
];
