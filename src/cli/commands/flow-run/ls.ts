import { systemClock } from "../../../kit/clock.ts";
import { compareTimestamps, timestampToMs } from "../../../kit/timestamp.ts";
import { STATE_TYPES } from "../../../schemas/state.ts";
import { command } from "../../command.ts";
import { CommandFailed } from "../../exit.ts";
import { integerFlag, outputFlag, textsFlag } from "../../flags.ts";
import { relativeTime } from "../../relative-time.ts";
import { STATE_NAMES } from "../../states.ts";

export const ls = command({
  summary: "List flow runs, the newest first.",
  flags: {
    flowName: textsFlag("--flow-name <name>", "Only runs of this flow; may be repeated."),
    limit: integerFlag("--limit <count>", "Most flow runs to list.", 15),
    state: textsFlag("--state <name>", "Only runs in the state with this name; may be repeated."),
    stateType: textsFlag("--state-type <type>", "Only runs in a state of this type; may be repeated."),
    output: outputFlag,
  },
  async run(context, { flags }) {
    const { out } = context;
    const states = stateFilter(flags, out.warn);
    const client = await context.client();
    const runs = await client.flowRuns.list({
      ...(flags.flowName.length > 0 && { flows: { name: { any_: flags.flowName } } }),
      ...(states && { flow_runs: { state: states } }),
      limit: flags.limit,
      sort: "EXPECTED_START_TIME_DESC",
    });

    if (flags.output === "json") return out.json(runs);
    if (runs.length === 0) return out.success("No flow runs found.");
    const flows = await client.flows.list({ flows: { id: { any_: runs.map((run) => run.flow_id) } } });
    const flowNames = new Map(flows.map((flow) => [flow.id, flow.name]));
    const nowMs = systemClock().nowMs();
    const rows = runs
      .toSorted((a, b) => compareTimestamps(b.created ?? "", a.created ?? ""))
      .map((run) => [run.id, flowNames.get(run.flow_id) ?? "", run.name, run.state_type ?? "", whenText(run, nowMs)]);
    out.table(rows, { title: "Flow Runs", columns: COLUMNS });
  },
});

const COLUMNS = [
  { title: "ID" },
  { title: "Flow", mayShrink: true },
  { title: "Name", mayShrink: true },
  { title: "State" },
  { title: "When" },
] as const;

interface RunTimes {
  readonly state: {
    readonly type: string;
    readonly timestamp: string;
    readonly state_details: Readonly<Record<string, unknown>>;
  } | null;
}

/** When a scheduled run is due, when any other run got its state. */
function whenText({ state }: RunTimes, nowMs: number): string {
  const due = state?.type === "SCHEDULED" ? state.state_details.scheduled_time : state?.timestamp;
  return typeof due === "string" ? relativeTime(timestampToMs(due), nowMs) : "";
}

interface StateFlags {
  readonly state: readonly string[];
  readonly stateType: readonly string[];
}

function stateFilter({ state, stateType }: StateFlags, warn: (text: string) => void): object | undefined {
  const types = stateType.map((type) => type.toUpperCase());
  if (types.some((type) => !(STATE_TYPES as readonly string[]).includes(type))) {
    throw CommandFailed(`Invalid state type. Options are ${STATE_TYPES.join(", ")}.`);
  }
  const names = state.map((given) => {
    const known = STATE_NAMES.find((name) => name.toUpperCase() === given.toUpperCase());
    if (known === undefined) warn(`State name '${given}' is not one of the official Prefect state names.`);
    return known ?? given;
  });
  if (names.length === 0 && types.length === 0) return undefined;
  return { ...(names.length > 0 && { name: { any_: names } }), ...(types.length > 0 && { type: { any_: types } }) };
}
