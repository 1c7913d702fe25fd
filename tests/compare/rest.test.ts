import { compareScripts } from "./compare.ts";
import { admin } from "./scripts/admin.ts";
import { artifacts } from "./scripts/artifacts.ts";
import { automations } from "./scripts/automations.ts";
import { blockDocuments } from "./scripts/block-documents.ts";
import { blocks } from "./scripts/blocks.ts";
import { collections } from "./scripts/collections.ts";
import { concurrencyLimits, tagSlots } from "./scripts/concurrency-limits.ts";
import { deploymentSchedules } from "./scripts/deployment-schedules.ts";
import { deployments } from "./scripts/deployments.ts";
import { errors } from "./scripts/errors.ts";
import { events } from "./scripts/events.ts";
import { flowRunQueries } from "./scripts/flow-run-queries.ts";
import { flowRunStates } from "./scripts/flow-run-states.ts";
import { flowRuns } from "./scripts/flow-runs.ts";
import { flows } from "./scripts/flows.ts";
import { jinjaParameters } from "./scripts/jinja-parameters.ts";
import { logs } from "./scripts/logs.ts";
import { observedStates } from "./scripts/observed-states.ts";
import { pauseAndResume } from "./scripts/pause-and-resume.ts";
import { queueChecks, refusals } from "./scripts/refusals.ts";
import { root } from "./scripts/root.ts";
import { runStates } from "./scripts/run-states.ts";
import { savedSearches } from "./scripts/saved-searches.ts";
import { taskRuns } from "./scripts/task-runs.ts";
import { uiForms } from "./scripts/ui-forms.ts";
import { uiRuns } from "./scripts/ui-runs.ts";
import { variables } from "./scripts/variables.ts";
import { workPools } from "./scripts/work-pools.ts";

const files = [
  root,
  flows,
  flowRuns,
  flowRunQueries,
  flowRunStates,
  pauseAndResume,
  taskRuns,
  uiRuns,
  uiForms,
  savedSearches,
  observedStates,
  collections,
  concurrencyLimits,
  logs,
  runStates,
  artifacts,
  variables,
  automations,
  jinjaParameters,
  events,
  admin,
  deployments,
  deploymentSchedules,
  workPools,
  blocks,
  blockDocuments,
  errors,
  refusals,
];

compareScripts("sqlite", [...files, queueChecks], { coversEverything: true });
compareScripts("postgresql", [...files, tagSlots]);
