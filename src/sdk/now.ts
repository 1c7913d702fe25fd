import { type Clock, systemClock } from "../kit/clock.ts";
import { type Ids, uuid7Ids } from "../kit/ids.ts";

/** The process's clock. User code builds states anywhere, so there is no caller to be handed one from. */
export const clock: Clock = systemClock();

/** The process's source of ids. */
export const ids: Ids = uuid7Ids(clock.nowMs);
