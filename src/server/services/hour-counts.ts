import { countSettledHours } from "../../db/count-settled-hours.ts";
import type { Service } from "../services.ts";

const INTERVAL_SECONDS = 10;
/** Of each tick, so that counting a database that has just been adopted takes no more than a small part of a processor. */
const BUDGET_MS = 1000;

/** Counts runs and events of hours that are long over, so that nobody has to who asks for how many there are. */
export const hourCounts: Service = {
  name: "HourCounts",
  summary: "Counts the runs and events of past hours ahead.",
  variable: undefined,
  intervalSeconds: () => INTERVAL_SECONDS,
  isEnabled: () => true,
  tick(ctx, signal) {
    const isOver = AbortSignal.timeout(BUDGET_MS);
    return countSettledHours(ctx.db, signal ? AbortSignal.any([signal, isOver]) : isOver);
  },
};
