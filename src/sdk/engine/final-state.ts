import { FutureList, isFuture } from "../future.ts";
import { completed, isCompleted, isFinal, isState, isUnused, newState, outcomeValue, type State } from "../state.ts";
import { DESCEND, mapNested } from "./nested.ts";

/** The final state that a returned value stands for: a state the user built, an aggregate of states, or COMPLETED. */
export async function stateOfReturn(value: unknown): Promise<State> {
  const resolved = await futuresToStates(value);
  if (isState(resolved) && isUnused(resolved)) return resolved;
  const states = statesIn(resolved);
  return states ? aggregate(states, value) : completed({ value, details: trackability(value) });
}

/** A value that is not an object cannot be recognised again, so later runs cannot be linked to the one that made it. */
function trackability(value: unknown): { untrackable_result?: true } {
  return typeof value === "object" && value !== null ? {} : { untrackable_result: true };
}

async function futuresToStates(value: unknown): Promise<unknown> {
  const states = new Map<unknown, State>();
  const pending: Promise<void>[] = [];
  mapNested(value, (item) => {
    if (!isFuture(item)) return DESCEND;
    pending.push(item.state().then((state) => void states.set(item, state)));
    return item;
  });
  await Promise.all(pending);
  const plain = value instanceof FutureList ? Array.from(value) : value;
  return states.size === 0 ? value : mapNested(plain, (item) => states.get(item) ?? DESCEND);
}

function statesIn(value: unknown): readonly State[] | undefined {
  if (isState(value)) return [value];
  const items = Array.isArray(value) || value instanceof Set ? [...value] : [];
  return items.length > 0 && items.every(isState) ? items : undefined;
}

function aggregate(states: readonly State[], value: unknown): State {
  const count = (matches: (state: State) => boolean) => states.filter(matches).length;
  const of = (type: State["type"]) => count((state) => state.type === type);
  const total = states.length;
  if (of("COMPLETED") === total) return newState("COMPLETED", { message: "All states completed.", value });
  const error = outcomeValue(states.find((state) => !isCompleted(state)) as State);
  if (of("CANCELLED") > 0)
    return newState("CANCELLED", { message: `${of("CANCELLED")}/${total} states cancelled.`, error });
  if (of("PAUSED") > 0) return newState("PAUSED", { message: `${of("PAUSED")}/${total} states paused.`, error });
  if (of("FAILED") > 0) return newState("FAILED", { message: `${of("FAILED")}/${total} states failed.`, error });
  const unfinished = count((state) => !isFinal(state));
  const message =
    unfinished > 0 ? `${unfinished}/${total} states are not final.` : `${of("CRASHED")}/${total} states crashed.`;
  return newState("FAILED", { message, error });
}
