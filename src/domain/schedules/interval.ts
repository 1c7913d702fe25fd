import { instantOf, type Micros, transitionAfter, wallAt } from "./zone.ts";

const DAY = 86_400_000_000;

export interface Interval {
  readonly step: Micros;
  readonly anchor: Micros;
  readonly timezone: string;
}

/**
 * The instants of an interval from `start` on, start included, without end. Steps below a day are exact; steps of a day
 * and more go by the wall clock, one after the other, so that a time once moved by a change of the clocks stays moved.
 */
export function* intervalTimes(interval: Interval, start: Micros): Generator<Micros> {
  const { step, anchor, timezone } = interval;
  const isWholeDays = step % DAY === 0;
  const add = (from: Micros, steps: number) => addSteps(interval, from, steps);
  const isSequential = start >= anchor && isWholeDays && timezone !== "UTC";
  let offset = 0;
  const jump = (steps: number) => (step < DAY || isWholeDays ? add(anchor, steps) : anchor + step * steps);
  let next = isSequential ? seek(interval, start) : 0;
  if (!isSequential) {
    offset = Math.trunc((start - anchor) / step);
    next = jump(offset);
    while (next > start) next = jump(--offset);
  }
  const isBeforeAnchor = start < anchor && isWholeDays;
  const advance = () => (isBeforeAnchor && offset < 0 ? jump(++offset) : add(next, 1));
  while (next < start) next = advance();
  for (; ; next = advance()) yield next;
}

function addSteps({ step, timezone }: Interval, from: Micros, steps: number): Micros {
  if (step < DAY || timezone === "UTC") return from + step * steps;
  return instantOf(wallAt(from, timezone) + step * steps, timezone, "later");
}

/** Steps from the anchor to the first time that is not before `start`, in strides that end short of clock changes. */
function seek(interval: Interval, start: Micros): Micros {
  const { step, timezone } = interval;
  let current = interval.anchor;
  while (current < start) {
    const change = transitionAfter(current, timezone);
    const boundary = change && change.at < start ? change.at : start;
    const days = Math.floor(wallAt(boundary, timezone) / DAY) - Math.floor(wallAt(current, timezone) / DAY);
    current = addSteps(interval, current, Math.max(1, Math.floor((days * DAY) / step) - 1));
  }
  return current;
}
