interface Following {
  readonly id: string;
  readonly follows: string | null;
}

/** The same events in the same order, but each after the one it follows, where that is among them. */
export function leadersFirst<T extends Following>(events: readonly T[]): readonly T[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const ordered = new Set<T>();
  for (const event of events) {
    const chain: T[] = [];
    for (let at: T | undefined = event; at && !ordered.has(at) && !chain.includes(at); at = leaderOf(byId, at))
      chain.push(at);
    for (const each of chain.toReversed()) ordered.add(each);
  }
  return [...ordered];
}

function leaderOf<T extends Following>(byId: ReadonlyMap<string, T>, { follows }: T): T | undefined {
  return follows === null ? undefined : byId.get(follows);
}
