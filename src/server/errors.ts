import { pythonRepr } from "../domain/parameters/python-repr.ts";
import { defineError } from "../kit/errors.ts";
import type { ValidationIssue } from "../kit/schema/schema.ts";

/** Answers of this kind carry `{"exception_message": text}` instead of `{"detail": text}`. */
const asException = { shape: "exception_message" };

export const InvalidRequest = defineError(
  "INVALID_REQUEST",
  422,
  (issues: readonly ValidationIssue[], body: unknown) => ({
    message: "Invalid request received.",
    details: { issues, requestBody: body },
  }),
);
export const UnreadableBody = defineError("UNREADABLE_BODY", 400, () => "There was an error parsing the body");
export const BodyTooLarge = defineError(
  "BODY_TOO_LARGE",
  413,
  (maxBytes: number) => `The request body is larger than ${maxBytes} bytes. Send it in several requests.`,
);
export const TlsFilesUnusable = defineError("TLS_FILES_UNUSABLE", 500, (cause: unknown) => ({
  message:
    `HTTPS cannot be served: ${cause instanceof Error ? cause.message : cause}. Point PREFECT_SERVER_API_TLS_CERT_FILE ` +
    "and PREFECT_SERVER_API_TLS_KEY_FILE to a certificate and its key in PEM, or unset both.",
  cause,
}));
export const NotFound = defineError("NOT_FOUND", 404, () => "Not Found");
export const MethodNotAllowed = defineError("METHOD_NOT_ALLOWED", 405, () => "Method Not Allowed");
export const Unauthorized = defineError("UNAUTHORIZED", 401, () => ({ message: "Unauthorized", details: asException }));
export const InvalidApiVersion = defineError("INVALID_API_VERSION", 400, (sent: string) => ({
  message: `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${sent}`,
}));
export const ApiVersionTooOld = defineError(
  "API_VERSION_TOO_OLD",
  400,
  (sent: string) => `The request specified API version ${sent} but this server requires version 0.8.0 or higher.`,
);
export const IntegrityConflict = defineError("INTEGRITY_CONFLICT", 409, (cause: unknown) => ({
  message:
    "Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.",
  cause,
}));
export const UnstorableValue = defineError("UNSTORABLE_VALUE", 422, (cause: unknown) => ({
  message: `The request holds a value that the database cannot store: ${cause instanceof Error ? cause.message : String(cause)}.`,
  cause,
}));
export const InvalidLimit = defineError("INVALID_LIMIT", 422, (bound: string) => `Invalid limit: must be ${bound}.`);

export const FlowNotFound = defineError("FLOW_NOT_FOUND", 404, () => "Flow not found");
export const FlowRunNotFound = defineError("FLOW_RUN_NOT_FOUND", 404, () => "Flow run not found");
/** What set_state says of an unknown run, in the other shape. */
export const FlowRunToSetNotFound = defineError("FLOW_RUN_TO_SET_NOT_FOUND", 404, (id: string) => ({
  message: `Flow run with id ${id} not found`,
  details: asException,
}));
export const JobVariablesFixed = defineError("JOB_VARIABLES_FIXED", 400, (why: string) => why);
export const HistoryIntervalTooShort = defineError(
  "HISTORY_INTERVAL_TOO_SHORT",
  422,
  () => "History interval must not be less than 1 second.",
);
export const HistoryIntervalTooLong = defineError(
  "HISTORY_INTERVAL_TOO_LONG",
  422,
  () => "The history would reach beyond the year 9999. Choose a shorter interval.",
);
export const FlowRunOfGraphNotFound = defineError("FLOW_RUN_OF_GRAPH_NOT_FOUND", 404, (id: string) => ({
  message: `Flow run ${id} not found`,
  details: asException,
}));
export const GraphTooLarge = defineError(
  "GRAPH_TOO_LARGE",
  400,
  (id: string, maxNodes: number) => `The graph of flow run ${id} has more than ${maxNodes} nodes.`,
);
export const FlowRunStateNotFound = defineError("FLOW_RUN_STATE_NOT_FOUND", 404, () => "Flow run state not found");
export const CsrfDisabled = defineError("CSRF_DISABLED", 422, () => "CSRF protection is disabled.");
export const RunMadeMeanwhile = defineError("RUN_MADE_MEANWHILE", 503, () => ({
  message: "Another server has just made the run with this idempotency key. Ask again to get it.",
  details: { retryAfterSeconds: 0.1, isConflict: true },
}));
export const ArtifactNotFound = defineError("ARTIFACT_NOT_FOUND", 404, () => "Artifact not found.");
export const VariableNotFound = defineError("VARIABLE_NOT_FOUND", 404, () => "Variable not found.");
export const VariableExists = defineError(
  "VARIABLE_EXISTS",
  409,
  (name: string) => `A variable with the name '${name}' already exists.`,
);
export const AutomationNotFound = defineError("AUTOMATION_NOT_FOUND", 404, () => ({
  message: "Automation not found",
  details: asException,
}));
/** Job variables of an action that do not fit the work pool's template. */
export const AutomationRefused = defineError(
  "AUTOMATION_REFUSED",
  422,
  (why: string) => `Error creating automation: ${why}`,
);
export const SavedSearchNotFound = defineError("SAVED_SEARCH_NOT_FOUND", 404, () => "Saved search not found");
export const CountsNeedStart = defineError("COUNTS_NEED_START", 422, () => "task_runs.start_time.after_ is required");
export const InvalidSchema = defineError("INVALID_SCHEMA", 422, (why: string) => `Invalid schema: ${why}`);
export const ViewNotFound = defineError("VIEW_NOT_FOUND", 404, (view: string) => `View ${view} not found in registry`);
export const InvalidPageToken = defineError("INVALID_PAGE_TOKEN", 403, (cause?: unknown) => ({
  message: "Forbidden",
  cause,
}));
export const TooManyBuckets = defineError(
  "TOO_MANY_BUCKETS",
  422,
  (count: number, most: number) =>
    `The given interval would create ${count} buckets, which is too many. Please increase the interval or reduce the ` +
    `time range to produce ${most} buckets or fewer.`,
);
export const MissingCsrfToken = defineError("MISSING_CSRF_TOKEN", 403, () => "Missing CSRF token.");
export const MissingCsrfClient = defineError("MISSING_CSRF_CLIENT", 403, () => "Missing client identifier.");
export const InvalidCsrfToken = defineError(
  "INVALID_CSRF_TOKEN",
  403,
  () => "Invalid CSRF token or client identifier.",
);
export const BlockDocumentNotFound = defineError(
  "BLOCK_DOCUMENT_NOT_FOUND",
  404,
  (id: string) => `Block document ${id} not found.`,
);
export const UnsuitableStorageBlock = defineError(
  "UNSUITABLE_STORAGE_BLOCK",
  422,
  (id: string) => `Block document ${id} cannot be used for result storage.`,
);

export const BlockTypeNotFound = defineError("BLOCK_TYPE_NOT_FOUND", 404, () => "Block type not found");
export const BlockTypeOfSchemaNotFound = defineError(
  "BLOCK_TYPE_OF_SCHEMA_NOT_FOUND",
  404,
  (id: string) => `Block type ${id} not found.`,
);
export const BlockTypeReserved = defineError(
  "BLOCK_TYPE_RESERVED",
  403,
  () => "Block type names beginning with 'Prefect' are reserved.",
);
export const BlockTypeExists = defineError(
  "BLOCK_TYPE_EXISTS",
  409,
  (name: string) => `Block type with name "${name}" already exists`,
);
export const BlockTypeProtected = defineError(
  "BLOCK_TYPE_PROTECTED",
  403,
  () => "protected block types cannot be deleted.",
);
export const BlockSchemaNotFound = defineError("BLOCK_SCHEMA_NOT_FOUND", 404, () => "Block schema not found");
export const BlockSchemaProtected = defineError(
  "BLOCK_SCHEMA_PROTECTED",
  403,
  () => "Block schemas for protected block types cannot be deleted.",
);
/** Clients know the text, without its space. */
export const NestedBlockTypeMissing = defineError(
  "NESTED_BLOCK_TYPE_MISSING",
  409,
  (slug: string) =>
    `Cannot create block schema because block type ${slug} was not found.Did you forget to register the block type?`,
);
export const BlockSchemaRefused = defineError(
  "BLOCK_SCHEMA_REFUSED",
  422,
  (why: string) => `The block schema cannot be registered: ${why}.`,
);
export const BlockSchemaMadeMeanwhile = defineError("BLOCK_SCHEMA_MADE_MEANWHILE", 503, () => ({
  message: "Another server has just registered this block schema. Ask again to get it.",
  details: { retryAfterSeconds: 0.1, isConflict: true },
}));
export const BlockDocumentToReadNotFound = defineError(
  "BLOCK_DOCUMENT_TO_READ_NOT_FOUND",
  404,
  () => "Block document not found",
);
export const BlockDocumentExists = defineError("BLOCK_DOCUMENT_EXISTS", 409, () => "Block already exists");
/** A document that refers to others in a way that cannot be stored or shown. */
export const BlockReferenceRefused = defineError("BLOCK_REFERENCE_REFUSED", 400, (why: string) => why);
export const BlockSchemaOfOtherType = defineError(
  "BLOCK_SCHEMA_OF_OTHER_TYPE",
  400,
  () => "Must migrate block document to a block schema of the same block type.",
);
export const BlockDocumentUnreadable = defineError(
  "BLOCK_DOCUMENT_UNREADABLE",
  500,
  (id: string) =>
    `Block document ${id} cannot be decrypted: it was stored with another key. Start the server with the ` +
    "PREFECT_SERVER_ENCRYPTION_KEY it was stored with.",
);
export const InvalidEncryptionKey = defineError(
  "INVALID_ENCRYPTION_KEY",
  500,
  (where: string) => `${where} is not valid: it must be 32 bytes in url-safe base64.`,
);

export const DeploymentNotFound = defineError("DEPLOYMENT_NOT_FOUND", 404, () => "Deployment not found");
/** The same with a full stop, as operations that change a deployment or its schedules say it. */
export const DeploymentToChangeNotFound = defineError(
  "DEPLOYMENT_TO_CHANGE_NOT_FOUND",
  404,
  () => "Deployment not found.",
);
export const ScheduleNotFound = defineError("SCHEDULE_NOT_FOUND", 404, () => "Schedule not found.");
export const InvalidSchedules = defineError("INVALID_SCHEDULES", 422, (why: string) => why);
export const ScheduleSlugTaken = defineError(
  "SCHEDULE_SLUG_TAKEN",
  409,
  () => "Schedule slugs must be unique within a deployment.",
);
export const ConcurrencyLimitOfDeploymentNotFound = defineError(
  "CONCURRENCY_LIMIT_OF_DEPLOYMENT_NOT_FOUND",
  404,
  () => "Concurrency limit not found",
);
export const DeploymentBlockNotFound = defineError(
  "DEPLOYMENT_BLOCK_NOT_FOUND",
  409,
  (kind: "infrastructure" | "storage", id: string) =>
    `Error creating deployment. Could not find ${kind} block with id: ${id}. This usually occurs when applying a ` +
    "deployment specification that was built against a different Prefect database / workspace.",
);
/** Parameters that cannot be resolved: `doing` begins the message, such as "hydrating flow run parameters". */
export const UnhydratableParameters = defineError(
  "UNHYDRATABLE_PARAMETERS",
  400,
  (doing: string, why: string) => `Error ${doing}: ${why}`,
);
export const ParametersRefused = defineError(
  "PARAMETERS_REFUSED",
  409,
  (doing: string, why: string) => `Error ${doing}: ${why}`,
);
export const NoParameterSchema = defineError(
  "NO_PARAMETER_SCHEMA",
  409,
  () =>
    "Error updating deployment: Cannot update parameters because parameter schema enforcement is enabled and the " +
    "deployment does not have a valid parameter schema.",
);
export const CircularSchema = defineError(
  "CIRCULAR_SCHEMA",
  422,
  () => "Invalid schema: Unable to validate schema with circular references.",
);
/** Job variables that do not fit the work pool's template. */
export const JobVariablesRefused = defineError("JOB_VARIABLES_REFUSED", 422, (why: string) => why);
export const QueueWithoutPool = defineError(
  "QUEUE_WITHOUT_POOL",
  400,
  (queue: string, deploymentId: string) =>
    `Cannot create flow run in work queue ${queue} because deployment ${deploymentId} is not associated with a work ` +
    "pool. Please remove work_pool_name and try again.",
);
export const TooManyFlowRuns = defineError(
  "TOO_MANY_FLOW_RUNS",
  400,
  (most: number) => `Cannot create more than ${most} flow runs at once.`,
);

export const WorkPoolNotFound = defineError(
  "WORK_POOL_NOT_FOUND",
  404,
  (name: string) => `Work pool "${name}" not found.`,
);
export const WorkPoolNameTaken = defineError(
  "WORK_POOL_NAME_TAKEN",
  409,
  () => "A work pool with this name already exists.",
);
export const WorkPoolReserved = defineError("WORK_POOL_RESERVED", 403, (why: string) => why);
export const BlockNotFound = defineError("BLOCK_NOT_FOUND", 404, () => "Block not found.");
export const WorkPoolQueueNotFound = defineError(
  "WORK_POOL_QUEUE_NOT_FOUND",
  404,
  (pool: string, queue: string) => `Work pool queue '${pool}/${queue}' not found.`,
);
export const WorkPoolQueueNameTaken = defineError(
  "WORK_POOL_QUEUE_NAME_TAKEN",
  409,
  // Clients know the message with this placeholder in it.
  () => "A work queue with this name already exists in work pool {work_pool_name!r}.",
);
export const WorkQueueNameTaken = defineError(
  "WORK_QUEUE_NAME_TAKEN",
  409,
  () => "A work queue with this name already exists.",
);
export const WorkQueueNotFound = defineError("WORK_QUEUE_NOT_FOUND", 404, () => "work queue not found");
export const WorkQueueToChangeNotFound = defineError(
  "WORK_QUEUE_TO_CHANGE_NOT_FOUND",
  404,
  (id: string) => `Work Queue ${id} not found`,
);
/** What asking for the slots of an unknown queue or pool says. */
export const WorkQueueToShowNotFound = defineError("WORK_QUEUE_TO_SHOW_NOT_FOUND", 404, () => "Work queue not found.");
export const WorkPoolToShowNotFound = defineError(
  "WORK_POOL_TO_SHOW_NOT_FOUND",
  404,
  (name: string) => `Work pool ${pythonRepr(name)} not found.`,
);
/** What reading the runs or the health of an unknown queue says, in the other shape. */
export const WorkQueueToPollNotFound = defineError("WORK_QUEUE_TO_POLL_NOT_FOUND", 404, (message: string) => ({
  message,
  details: asException,
}));
export const DefaultQueueKept = defineError(
  "DEFAULT_QUEUE_KEPT",
  409,
  (queue: string) => `The queue "${queue}" is its pool's default queue and cannot be deleted. Delete the pool instead.`,
);
export const WorkerNotFound = defineError("WORKER_NOT_FOUND", 404, () => "Worker not found.");
export const TaskRunNotFound = defineError("TASK_RUN_NOT_FOUND", 404, () => "Task not found");
/** What an update says of an unknown task run. */
export const TaskRunToUpdateNotFound = defineError("TASK_RUN_TO_UPDATE_NOT_FOUND", 404, () => "Task run not found");
/** What set_state says of an unknown task run, in the other shape. */
export const TaskRunToSetNotFound = defineError("TASK_RUN_TO_SET_NOT_FOUND", 404, (id: string) => ({
  message: `Task run with id ${id} not found`,
  details: asException,
}));
export const FlowRunInputNotFound = defineError("FLOW_RUN_INPUT_NOT_FOUND", 404, () => "Flow run input not found");
export const FlowRunInputExists = defineError(
  "FLOW_RUN_INPUT_EXISTS",
  409,
  () => "A flow run input with this key already exists.",
);
export const ConcurrencyLimitNotFound = defineError(
  "CONCURRENCY_LIMIT_NOT_FOUND",
  404,
  () => "Concurrency Limit not found",
);
/** What the operations on tags say of an unknown limit. */
export const TagLimitNotFound = defineError("TAG_LIMIT_NOT_FOUND", 404, () => "Concurrency limit not found");
export const TooManySlots = defineError("TOO_MANY_SLOTS", 422, () => "Slots requested is greater than the limit");
export const LimitsWithoutDecay = defineError(
  "LIMITS_WITHOUT_DECAY",
  422,
  (names: readonly string[]) =>
    "Only concurrency limits with slot decay can be used for rate limiting. The following limits do not have a decay " +
    `configured: '${names.join(",")}'`,
);
export const SlotsTaken = defineError("SLOTS_TAKEN", 423, (retryAfterSeconds: number) => ({
  message: "Locked",
  details: { retryAfterSeconds: pythonFloat(retryAfterSeconds) },
}));
export const TagSlotsTaken = defineError("TAG_SLOTS_TAKEN", 423, (tag: string, retryAfterSeconds: number) => ({
  message: `Concurrency limit for the ${tag} tag has been reached`,
  details: { retryAfterSeconds: pythonFloat(retryAfterSeconds) },
}));
/** Without a time to come back: a client that gets no slot ever must not wait for one. */
export const TagLimitIsZero = defineError(
  "TAG_LIMIT_IS_ZERO",
  423,
  (tag: string) => `The concurrency limit on tag "${tag}" is 0 and will deadlock if the task tries to run again.`,
);
export const LeaseNotFound = defineError(
  "LEASE_NOT_FOUND",
  410,
  () => "Lease not found - it may have expired or been revoked",
);

/** Whole numbers keep their `.0`, as clients of the reference have always seen it. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
export const ActionClaimLost = defineError(
  "ACTION_CLAIM_LOST",
  503,
  () => "Another server has taken over the action of an automation.",
);
export const WebhookNotFound = defineError("WEBHOOK_NOT_FOUND", 404, () => "Webhook not found");
export const WebhookUnauthorized = defineError(
  "WEBHOOK_UNAUTHORIZED",
  401,
  () => "This webhook asks for its secret, as 'Authorization: Bearer <secret>'.",
);
export const WebhookRefused = defineError(
  "WEBHOOK_REFUSED",
  400,
  (reason: string) => `The call cannot be made into an event: ${reason}`,
);
