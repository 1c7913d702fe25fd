interface Ranked {
  readonly id: string;
  readonly priority: number;
}

/** The lowest priority from 1 up that no queue of the pool has. */
export function freePriority(taken: readonly number[]): number {
  const used = new Set(taken);
  let priority = 1;
  while (used.has(priority)) priority += 1;
  return priority;
}

/**
 * Which queues need another priority so that all are different and `wanted` is where it was asked to be: those that stand
 * in its way move down, each by as little as possible.
 * @param queues of one pool, by priority
 */
export function rearrangedPriorities(queues: readonly Ranked[], wanted?: Ranked): readonly Ranked[] {
  const order = queues.filter(({ id }) => id !== wanted?.id);
  if (wanted !== undefined) {
    const at = order.findIndex(({ priority }) => priority >= wanted.priority);
    order.splice(at === -1 ? order.length : at, 0, wanted);
  }
  const known = new Map(queues.map(({ id, priority }) => [id, priority]));
  let last = 0;
  const arranged = order.map(({ id, priority }) => {
    last = Math.max(priority, last + 1);
    return { id, priority: last };
  });
  return arranged.filter(({ id, priority }) => known.get(id) !== priority);
}
