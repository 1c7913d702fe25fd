import { defineError } from "../kit/errors.ts";

export const ParametersInvalid = defineError(
  "PARAMETERS_INVALID",
  422,
  (name: string, issues: readonly string[]) => `The parameters of '${name}' are not valid: ${issues.join("; ")}`,
);
export const ParameterUnknown = defineError(
  "PARAMETER_UNKNOWN",
  422,
  (name: string, unknown: readonly string[], known: readonly string[]) =>
    `'${name}' has no parameter ${unknown.join(", ")}. It takes: ${known.join(", ") || "none"}.`,
);
export const ParameterMissing = defineError(
  "PARAMETER_MISSING",
  422,
  (name: string, missing: readonly string[]) => `'${name}' was not given ${missing.join(", ")}, which it requires.`,
);
export const NotInRun = defineError(
  "NOT_IN_RUN",
  400,
  (what: string) => `${what} works only inside a run: call it from the body of a flow or task.`,
);
export const ArtifactKeyInvalid = defineError(
  "ARTIFACT_KEY_INVALID",
  422,
  (key: string) => `The artifact key '${key}' is not valid: use lower-case letters, digits and dashes.`,
);
export const UpstreamNotCompleted = defineError(
  "UPSTREAM_NOT_COMPLETED",
  424,
  (taskRunId: string) => `Upstream task run '${taskRunId}' did not reach a 'COMPLETED' state.`,
);
export const DependsOnItself = defineError(
  "DEPENDS_ON_ITSELF",
  400,
  (taskName: string) => `A run of task '${taskName}' was given its own future, for which it would wait for ever.`,
);
export const RunFailed = defineError("RUN_FAILED", 500, (message: string) => message);
export const RunCrashed = defineError("RUN_CRASHED", 500, (message: string) => message);
export const RunCancelled = defineError("RUN_CANCELLED", 500, (message: string) => message);
export const RunPaused = defineError("RUN_PAUSED", 409, (message: string) => message);
export const RunUnfinished = defineError(
  "RUN_UNFINISHED",
  409,
  (stateName: string) => `The run is still ${stateName}, so it has no result yet.`,
);
export const ResultMissing = defineError(
  "RESULT_MISSING",
  404,
  () => "The result of this run was not persisted, so only the process that ran it could read it.",
);
export const RunAborted = defineError(
  "RUN_ABORTED",
  409,
  (reason: string) => `The API stopped this run: ${reason || "no reason given"}`,
);
export const RunTimedOut = defineError(
  "RUN_TIMED_OUT",
  504,
  (kind: "Flow" | "Task", seconds: number) => `${kind} run exceeded timeout of ${seconds} second(s)`,
);
export const RunTerminated = defineError(
  "RUN_TERMINATED",
  500,
  (signal: string) => `The process received ${signal} during the run.`,
);
export const MappedLengthsDiffer = defineError(
  "MAPPED_LENGTHS_DIFFER",
  400,
  (lengths: Readonly<Record<string, number>>) =>
    `The arguments of map() must have one length, but they have ${JSON.stringify(lengths)}. Wrap constants in unmapped().`,
);
export const NothingToMap = defineError(
  "NOTHING_TO_MAP",
  400,
  () => "None of the arguments of map() is a list. Pass at least one array or iterable.",
);
export const WaitTimedOut = defineError(
  "WAIT_TIMED_OUT",
  504,
  (what: string, seconds: number) => `${what} did not finish within ${seconds} second(s).`,
);
export const FlowPauseTimedOut = defineError(
  "FLOW_PAUSE_TIMED_OUT",
  504,
  (seconds: number) => `The flow run was paused and nobody resumed it within ${seconds} second(s).`,
);
export const EntrypointInvalid = defineError(
  "ENTRYPOINT_INVALID",
  400,
  (entrypoint: string, reason: string) =>
    `No flow can be loaded from '${entrypoint}': ${reason} An entrypoint is a file and an exported flow: flows.ts:hello.`,
);
export const FlowNotExported = defineError(
  "FLOW_NOT_EXPORTED",
  400,
  (name: string) =>
    `Flow '${name}' cannot be served because its runs could not find it: export it from its file (export const ... = flow(...)).`,
);
export const ScheduleInvalid = defineError("SCHEDULE_INVALID", 422, (reason: string) => reason);
export const NoServer = defineError("NO_SERVER", 503, (cause: unknown) => ({
  message: `No API is configured and the embedded server did not start: ${cause instanceof Error ? cause.message : cause}. Set PREFECT_API_URL, or run \`prefect server start\`.`,
  cause,
}));
