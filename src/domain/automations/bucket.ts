import { addSeconds, compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { EventTriggerInput } from "../../schemas/trigger.ts";
import type { EventCriteria } from "./event-criteria.ts";
import type { SeenEvent } from "./firing.ts";
import { countHeld, type HeldEvent, holdEvent } from "./held-events.ts";

/** How far back the first window of a key reaches, for events that arrive out of order. */
const LOOKBACK_SECONDS = 15 * 60;

/** The window in which a trigger counts events of one key. */
export interface Bucket {
  readonly start: Timestamp;
  /** The first moment after the window. */
  readonly end: Timestamp;
  /** -1 where the event that opened the window is yet to be counted, and must not count. */
  readonly count: number;
  readonly lastEvent: SeenEvent | null;
}

/** All that a trigger remembers of one key. */
export interface KeyState {
  readonly bucket: Bucket | undefined;
  readonly held: readonly HeldEvent[];
}

/** An event trigger with its criteria made ready. */
export interface WatchingTrigger {
  readonly definition: EventTriggerInput;
  readonly criteria: EventCriteria;
}

export interface Evaluated {
  readonly state: KeyState;
  /** The events that fired the trigger, in order; null where there was none. */
  readonly fired: readonly (SeenEvent | null)[];
}

/** Whether events that are expected after others are remembered: a window that opens later counts them, too. */
export function holdsEvents({ posture, after }: EventTriggerInput): boolean {
  return posture === "Proactive" && after.length > 0;
}

/** What an event that the trigger covers does to its key. */
export function applyEvent(trigger: WatchingTrigger, state: KeyState, event: SeenEvent): Evaluated {
  const { definition, criteria } = trigger;
  const isExpected = criteria.expects(event.event);
  const unchanged = { state, fired: [] };
  if (criteria.startsAfter(event.event)) {
    const opened = open(definition, state, { start: event.occurred, count: isExpected ? -1 : 0, event });
    return isExpected ? evaluate(trigger, opened, { now: event.occurred, event }) : { state: opened, fired: [] };
  }
  if (!isExpected) return unchanged;
  if (definition.after.length === 0) {
    const start = addSeconds(event.occurred, -LOOKBACK_SECONDS);
    const opened = open(definition, state, { start, count: 0, event });
    return evaluate(trigger, opened, { now: event.occurred, event });
  }
  if (!holdsEvents(definition))
    return state.bucket ? evaluate(trigger, state, { now: event.occurred, event }) : unchanged;
  // Held means counted: by the window it was evaluated in, or by one that opened over it.
  if (state.held.some(({ id }) => id === event.id)) return unchanged;
  const holding = { ...state, held: holdEvent(state.held, event, definition) };
  return holding.bucket ? evaluate(trigger, holding, { now: event.occurred, event }) : { state: holding, fired: [] };
}

/** Opens a window for a proactive trigger without `for_each`, which waits from the moment it is there. */
export function openAt(trigger: WatchingTrigger, state: KeyState, now: Timestamp): KeyState {
  return open(trigger.definition, state, { start: now, end: addSeconds(now, trigger.definition.within), count: 0 });
}

/** What the passing of time does to a key of a proactive trigger; a window that has what it expects is closed early. */
export function applyTime(trigger: WatchingTrigger, state: KeyState, now: Timestamp): Evaluated {
  if (!state.bucket) return { state, fired: [] };
  if (state.bucket.count >= trigger.definition.threshold) return { state: withoutBucket(state), fired: [] };
  return evaluate(trigger, state, { now, event: undefined });
}

interface Opening {
  readonly start: Timestamp;
  /** @default `within` after the event */
  readonly end?: Timestamp;
  readonly count: number;
  readonly event?: SeenEvent;
}

/** A window that is there stays as it is. */
function open(definition: EventTriggerInput, state: KeyState, opening: Opening): KeyState {
  if (state.bucket) return state;
  const { start, count, event } = opening;
  const end = opening.end ?? addSeconds(event?.occurred ?? start, definition.within);
  return newBucket(definition, state, { start, end, count, lastEvent: event ?? null });
}

function newBucket(definition: EventTriggerInput, state: KeyState, bucket: Bucket): KeyState {
  const held = holdsEvents(definition) ? countHeld(state.held, bucket) : 0;
  return { ...state, bucket: { ...bucket, count: bucket.count + held } };
}

interface Moment {
  readonly now: Timestamp;
  readonly event: SeenEvent | undefined;
}

const isBefore = (a: Timestamp, b: Timestamp) => compareTimestamps(a, b) < 0;

function evaluate(trigger: WatchingTrigger, given: KeyState, { now, event }: Moment): Evaluated {
  const { definition } = trigger;
  const before = given.bucket;
  // Too old to matter: the window has moved on.
  if (!before || isBefore(now, before.start)) return { state: given, fired: [] };
  const isReactive = definition.posture === "Reactive";
  const isImmediate = isReactive && definition.within === 0;
  const counts = event !== undefined && (isImmediate || isBefore(now, before.end));
  const bucket = counts ? { ...before, count: before.count + 1, lastEvent: event } : before;
  const state = { ...given, bucket };
  const isMet = isReactive ? bucket.count >= definition.threshold : bucket.count < definition.threshold;

  if (isMet && (isReactive || !isBefore(now, bucket.end))) {
    const fired = [event ?? bucket.lastEvent];
    return roll(trigger, { state: withoutBucket(state), fired }, { now, event: counts ? undefined : event, bucket });
  }
  if (isBefore(now, bucket.end)) {
    const restarts = !isMet && !isReactive && event !== undefined && startsAnew(trigger, event);
    return { state: restarts ? restart(trigger, state, { event, previous: before.lastEvent }) : state, fired: [] };
  }
  return roll(trigger, { state, fired: [] }, { now, event: counts ? undefined : event, bucket });
}

/** After a window has fired or run out: the next one, unless another event has to open it. `event`: not counted yet. */
function roll(
  trigger: WatchingTrigger,
  { state, fired }: Evaluated,
  { now, event, bucket }: Moment & { readonly bucket: Bucket },
): Evaluated {
  const { definition } = trigger;
  if (definition.after.length > 0) return { state: withoutBucket(state), fired };
  if (definition.within === 0) return { state, fired };
  const start = isBefore(bucket.end, now) ? now : bucket.end;
  const next = { start, end: addSeconds(start, definition.within), lastEvent: null };
  if (definition.posture === "Reactive" && event) {
    const again = evaluate(trigger, newBucket(definition, state, { ...next, count: 0 }), { now, event });
    return { state: again.state, fired: [...fired, ...again.fired] };
  }
  return { state: newBucket(definition, state, { ...next, count: event ? 1 : 0 }), fired };
}

function startsAnew({ criteria }: WatchingTrigger, { event }: SeenEvent): boolean {
  return criteria.startsAfter(event) && criteria.expects(event);
}

/** An event that is both awaited and begins the next wait, such as a heartbeat, opens a window of its own. */
function restart(
  { definition, criteria }: WatchingTrigger,
  state: KeyState,
  { event, previous }: { readonly event: SeenEvent; readonly previous: SeenEvent | null },
): KeyState {
  const keepsPrevious =
    previous !== null &&
    criteria.expects(previous.event) &&
    !criteria.startsAfter(previous.event) &&
    !isBefore(previous.occurred, event.occurred);
  const end = addSeconds(event.occurred, definition.within);
  const lastEvent = keepsPrevious ? previous : event;
  return newBucket(definition, state, { start: event.occurred, end, count: 0, lastEvent });
}

function withoutBucket(state: KeyState): KeyState {
  return { ...state, bucket: undefined };
}
