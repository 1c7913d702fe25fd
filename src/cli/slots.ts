import { toNumber } from "../kit/json.ts";
import type { FlowRunSlotSummary } from "../schemas/work-pool.ts";
import type { Output } from "./output.ts";

const BAR_WIDTH = 20;

interface Slots {
  readonly active_slots: number;
  readonly concurrency_limit: number | null;
}

/** How many of the slots are taken, as a bar where there is a limit: green, yellow from 60 %, red from 80 % on. */
export function slotsBar(out: Output, { active_slots: active, concurrency_limit: limit }: Slots): string {
  if (limit === null) return out.style("blue", `${active} active (Unlimited)`);
  const share = limit === 0 ? 1 : active / limit;
  const filled = Math.min(BAR_WIDTH, Math.round(share * BAR_WIDTH));
  const colour = share <= 0.6 ? "green" : share <= 0.8 ? "yellow" : "red";
  return out.style(colour, `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${active} / ${limit}`);
}

/** Name, state and time in it of a run that holds a slot. */
export function slotCells({ name, state_name, time_in_current_state }: FlowRunSlotSummary): readonly string[] {
  return [name, state_name ?? "Unknown", durationText(time_in_current_state)];
}

function durationText(seconds: number | null): string {
  const exact = toNumber(seconds);
  if (exact === undefined) return "N/A";
  const total = Math.floor(exact);
  if (total < 60) return `${total}s`;
  const minutes = Math.floor(total / 60);
  return minutes < 60 ? `${minutes}m ${total % 60}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
