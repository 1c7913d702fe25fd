import type { FlowRunRow } from "../../db/repositories/flow-runs.ts";
import type { TaskRunRow } from "../../db/repositories/task-runs.ts";
import type { Row } from "../../db/tables.ts";
import { type Html, html } from "../docs/html.ts";
import { moment, page, timeOfDay } from "./page.ts";

/** What the page of one flow run shows. */
interface ShownRun {
  readonly run: FlowRunRow;
  readonly flowName: string;
  readonly taskRuns: readonly TaskRunRow[];
  readonly logs: readonly Row<"log">[];
}

const ENDED = new Set(["COMPLETED", "FAILED", "CANCELLED", "CRASHED"]);
const LEVELS = [
  [50, "CRITICAL"],
  [40, "ERROR"],
  [30, "WARNING"],
  [20, "INFO"],
] as const;

/** A flow run with its task runs and logs; until the run has ended the page loads itself anew every two seconds. */
export function runPage({ run, flowName, taskRuns, logs }: ShownRun): string {
  const isLive = run.state_type === null || !ENDED.has(run.state_type);
  const content = html`
<p><a href="../..">Runs</a></p>
<h1>${flowName} / ${run.name}</h1>
<p>${state(run.state_type, run.state_name)} <span class="soft">${run.state_message ?? ""}</span></p>
<table>
${fact("Started", moment(run.start_time))}
${fact("Ended", moment(run.end_time))}
${fact("Run time", `${run.total_run_time.toFixed(3)} s`)}
${fact("Attempt", String(run.run_count))}
${fact("Parameters", html`<code>${run.parameters}</code>`)}
${fact("Id", html`<code>${run.id}</code>`)}
</table>
<h2>Task runs (${taskRuns.length})</h2>
<table>${taskRuns.map(taskRow)}</table>
<h2>Logs (${logs.length})</h2>
<table>${logs.map(logRow)}</table>`;
  return page({ title: `${flowName} / ${run.name}`, content, ...(isLive ? { refreshSeconds: 2 } : {}) });
}

function fact(name: string, value: string | Html): Html {
  return html`<tr><td>${name}</td><td>${value}</td></tr>`;
}

export function state(type: string | null, name: string | null): Html {
  return html`<strong class="state ${(type ?? "none").toLowerCase()}">${name ?? "No state"}</strong>`;
}

function taskRow(task: TaskRunRow): Html {
  const time = `${task.total_run_time.toFixed(3)} s`;
  const attempts = task.run_count > 1 ? `, attempt ${task.run_count}` : "";
  return html`<tr><td>${task.name}</td><td>${state(task.state_type, task.state_name)}
<span class="soft">${time}${attempts}</span></td></tr>`;
}

function logRow(log: Row<"log">): Html {
  const level = LEVELS.find(([least]) => log.level >= least)?.[1] ?? "DEBUG";
  return html`<tr><td class="soft">${timeOfDay(log.timestamp)} ${level}</td><td><pre>${log.message}</pre></td></tr>`;
}
