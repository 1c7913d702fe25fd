import { AsyncLocalStorage } from "node:async_hooks";
import type { FlowRunResponse as FlowRun } from "../../schemas/flow-run.ts";
import type { FlowDefinition, TaskDefinition } from "../definitions.ts";
import type { Limiter } from "../engine/limiter.ts";
import type { Related } from "../engine/task-run-event.ts";
import type { TaskRunRecord } from "../engine/task-run-record.ts";
import type { Parameters } from "../parameters/bind.ts";
import type { Session } from "../session/session.ts";

/** Where a value came from, in the form task inputs are stored. */
export interface RunInput {
  readonly input_type: "task_run" | "flow_run";
  readonly id: string;
}

/** The flow run that the code is part of. */
export interface FlowRunScope {
  readonly definition: FlowDefinition;
  /** As last read; the name and state change while it runs. */
  run: FlowRun;
  /** Resolved and validated once the run has started. */
  parameters: Parameters;
  /** Also aborted when the attempt times out. */
  signal: AbortSignal;
  /** Aborted when the whole run is to end: the process is told to stop, or the run is cancelled. */
  readonly stop: AbortSignal;
  /** What events of this run, and of the tasks in it, are related to. */
  related: readonly Related[];
  readonly limiter: Limiter;
  /** How often each subflow was called: by task key, and by task key and parameters. */
  readonly calls: Map<string, number>;
  /** Which run returned an object. */
  readonly producers: WeakMap<object, RunInput>;
  /** Work started and not awaited by the flow's own code. */
  readonly pending: Set<Promise<unknown>>;
  /** Pauses so far, which number the pause keys. */
  pauses: number;
}

export interface TaskRunScope {
  readonly definition: TaskDefinition;
  /** Replaced at every change of state. */
  run: TaskRunRecord;
  /** Resolved and validated once the run has started. */
  parameters: Parameters;
  signal: AbortSignal;
}

/** Tags in force from `tags()` until its end. */
export interface TagLayer {
  readonly names: readonly string[];
  /** False once the block has ended: code that began inside it may still see the layer. */
  isActive: boolean;
}

/** What surrounds the running code; nested runs get a copy of their own. */
export interface Scope {
  readonly session: Session | undefined;
  readonly flowRun: FlowRunScope | undefined;
  readonly taskRun: TaskRunScope | undefined;
  readonly tagLayers: readonly TagLayer[];
  readonly logPrints: boolean;
}

const EMPTY: Scope = { session: undefined, flowRun: undefined, taskRun: undefined, tagLayers: [], logPrints: false };

const storage = new AsyncLocalStorage<Scope>();

export function currentScope(): Scope {
  return storage.getStore() ?? EMPTY;
}

/** The tags in force, each once, with those of `more`. */
export function tagsIn({ tagLayers }: Scope, more: readonly string[] = []): readonly string[] {
  const active = tagLayers.filter((layer) => layer.isActive);
  return [...new Set([...active.flatMap((layer) => layer.names), ...more])];
}

/** Ends the code around: that of the task, or of the flow's present attempt. */
export function enclosingSignal({ taskRun, flowRun }: Scope): AbortSignal | undefined {
  return taskRun?.signal ?? flowRun?.signal;
}

export function runInScope<Result>(scope: Scope, fn: () => Result): Result {
  return storage.run(scope, fn);
}

/** Replaces the scope for the rest of the present function and what it calls. */
export function enterScope(scope: Scope): void {
  storage.enterWith(scope);
}
