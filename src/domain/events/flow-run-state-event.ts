import { secondsBetween, type Timestamp } from "../../kit/timestamp.ts";

/** Longer state messages are cut in the middle, so that an event stays small. */
const MAX_MESSAGE_CHARS = 100_000;
/** An event names its predecessor only while the two are closer than this. */
const FOLLOWS_WITHIN_SECONDS = 300;

interface StateFacts {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly timestamp: Timestamp;
  readonly message: string | null;
  readonly pauseReschedule: boolean;
}

interface NamedResource {
  readonly id: string;
  readonly name: string;
  readonly tags?: readonly string[];
}

/** What is known of a run and of everything it belongs to. */
export interface FlowRunEventSubject {
  readonly id: string;
  readonly name: string;
  readonly run_count: number;
  readonly tags: readonly string[];
  readonly created_by: {
    readonly id?: string | null;
    readonly type?: string | null;
    readonly display_value?: string | null;
  } | null;
  readonly flow: NamedResource | undefined;
  readonly deployment: NamedResource | undefined;
  readonly workQueue: NamedResource | undefined;
  readonly workPool: (NamedResource & { readonly type: string }) | undefined;
  readonly parentTaskRun: NamedResource | undefined;
}

type Labels = Record<string, string>;

/** The parts of an event that its subject decides; the ingest adds when it was received. */
export interface StateEvent {
  readonly id: string;
  readonly occurred: Timestamp;
  readonly event: string;
  readonly resource: Labels;
  readonly related: Labels[];
  readonly payload: Record<string, unknown>;
  readonly follows: string | null;
}

/** The `prefect.flow-run.<State name>` event of one accepted state; its id is the state's id. */
export function flowRunStateEvent(
  subject: FlowRunEventSubject,
  previous: StateFacts | undefined,
  state: StateFacts,
): StateEvent {
  return {
    id: state.id,
    occurred: state.timestamp,
    event: `prefect.flow-run.${state.name}`,
    resource: {
      "prefect.resource.id": `prefect.flow-run.${subject.id}`,
      "prefect.resource.name": subject.name,
      "prefect.run-count": String(subject.run_count),
      "prefect.state-message": shorten(state.message),
      "prefect.state-name": state.name,
      "prefect.state-timestamp": `${state.timestamp.slice(0, -1)}+00:00`,
      "prefect.state-type": state.type,
    },
    related: relatedResources(subject),
    payload: {
      intended: { from: previous?.type ?? null, to: state.type },
      initial_state: previous ? statePayload(previous) : null,
      validated_state: statePayload(state),
    },
    follows: previous && isClose(previous.timestamp, state.timestamp) ? previous.id : null,
  };
}

function isClose(a: Timestamp, b: Timestamp): boolean {
  return Math.abs(secondsBetween(a, b)) < FOLLOWS_WITHIN_SECONDS;
}

function statePayload(state: StateFacts): Labels {
  return {
    type: state.type,
    ...(state.name ? { name: state.name } : {}),
    ...(state.message ? { message: shorten(state.message) } : {}),
    ...(state.type === "PAUSED" ? { pause_reschedule: String(state.pauseReschedule) } : {}),
  };
}

function relatedResources(subject: FlowRunEventSubject): Labels[] {
  const { flow, deployment, workQueue, workPool, parentTaskRun } = subject;
  const related: Labels[] = [];
  const add = (kind: string, resource: NamedResource | undefined, extra: Labels = {}) => {
    if (resource) related.push({ ...labels(`prefect.${kind}.${resource.id}`, kind, resource.name), ...extra });
  };
  add("flow", flow);
  add("deployment", deployment);
  add("work-queue", workQueue);
  add("work-pool", workPool, workPool ? { "prefect.work-pool.type": workPool.type } : {});
  add("task-run", parentTaskRun);
  const tags = [subject.tags, flow?.tags, deployment?.tags, parentTaskRun?.tags].flatMap((list) => list ?? []);
  for (const tag of [...new Set(tags)].sort()) related.push(labels(`prefect.tag.${tag}`, "tag"));
  return [...related, ...creator(subject.created_by)];
}

function creator(createdBy: FlowRunEventSubject["created_by"]): Labels[] {
  const kind = { DEPLOYMENT: "deployment", AUTOMATION: "automation" }[createdBy?.type ?? ""];
  if (!kind) return [];
  return [labels(`prefect.${kind}.${createdBy?.id}`, "creator", createdBy?.display_value ?? undefined)];
}

function labels(id: string, role: string, name?: string): Labels {
  return {
    "prefect.resource.id": id,
    "prefect.resource.role": role,
    ...(name ? { "prefect.resource.name": name } : {}),
  };
}

function shorten(message: string | null): string {
  if (!message || message.length <= MAX_MESSAGE_CHARS) return message ?? "";
  const half = MAX_MESSAGE_CHARS / 2;
  const omitted = message.length - 2 * half;
  const shortened = `${message.slice(0, half)}...${omitted} additional characters...${message.slice(-half)}`;
  return shortened.length < message.length ? shortened : message;
}
