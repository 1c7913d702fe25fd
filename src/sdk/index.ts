export { allowFailure, unmapped } from "./annotations.ts";
export { type Flow, flow } from "./flow.ts";
export { type Future, FutureList } from "./future.ts";
export { exponentialBackoff, type FlowOptions, type TaskOptions } from "./options.ts";
export { log, type RunLogger } from "./runtime/log.ts";
export type { RunContext } from "./runtime/run-context.ts";
export { cancelled, completed, failed, isCompleted, isFailed, isFinal, resultOf, type State } from "./state.ts";
export { type Task, task } from "./task.ts";
