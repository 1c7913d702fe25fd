import type { ActionInput } from "./action.ts";
import type { TriggerInput } from "./trigger.ts";

interface Looping {
  readonly enabled: boolean;
  readonly trigger: TriggerInput;
  readonly actions: readonly ActionInput[];
}

type Specification = Readonly<Record<string, string | readonly string[]>>;

/** Events that every run of a deployment brings about. */
const OF_EVERY_RUN = new Set([
  "prefect.flow-run.Scheduled",
  "prefect.flow-run.Pending",
  "prefect.flow-run.Running",
  "prefect.flow-run.*",
]);

/** What is wrong with an automation whose runs would trigger it again and again; undefined for any other. */
export function findRunDeploymentLoop({ enabled, trigger, actions }: Looping): string | undefined {
  if (!enabled || trigger.type !== "event" || trigger.posture !== "Reactive") return undefined;
  if (!trigger.expect.some((event) => OF_EVERY_RUN.has(event))) return undefined;
  const isOpen = matchesEveryRun(trigger.match) && [trigger.match_related].flat().some(matchesEveryRun);
  for (const action of actions) {
    if (action.type !== "run-deployment") continue;
    if (action.source === "inferred") return INFERRED_LOOP;
    if (isOpen) return SELECTED_LOOP;
  }
  return undefined;
}

/** The words of the reference, which its UI shows. */
const INFERRED_LOOP =
  "Running an inferred deployment from a flow run state change event will lead to an infinite loop of flow runs.  " +
  "Please choose a specific deployment and add additional filtering labels to the match or match_related for this " +
  "automation's trigger.";
const SELECTED_LOOP =
  "Running a selected deployment from a flow run state change event may lead to an infinite loop of flow runs.  " +
  "Please include additional filtering labels on either match or match_related to narrow down which flow runs will " +
  "trigger this automation to exclude flow runs from the deployment you've selected.";

function matchesEveryRun(specification: Specification): boolean {
  const labels = Object.entries(specification);
  const [first] = labels;
  if (first === undefined) return true;
  return labels.length === 1 && first[0] === "prefect.resource.id" && [first[1]].flat().includes("prefect.flow-run.*");
}
