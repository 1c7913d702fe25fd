import type { FlowRunRow } from "../../db/repositories/flow-runs.ts";
import { type Html, html } from "../docs/html.ts";
import { moment, page } from "./page.ts";
import { state } from "./run-page.ts";

/** The latest flow runs, newest first; `flowNames` by flow id. */
export function runsPage(runs: readonly FlowRunRow[], flowNames: ReadonlyMap<string, string>): string {
  const rows = runs.map((run) => runRow(run, flowNames.get(run.flow_id) ?? ""));
  const content = html`
<h1>Flow runs</h1>
<p class="soft">The latest ${runs.length}. The API is described at <a href="docs">docs</a>.</p>
<table>${rows.length > 0 ? rows : html`<tr><td>No flow has run yet.</td></tr>`}</table>`;
  return page({ title: "Flow runs", content, refreshSeconds: 5 });
}

function runRow(run: FlowRunRow, flowName: string): Html {
  return html`<tr><td><a href="runs/flow-run/${run.id}">${flowName} / ${run.name}</a></td>
<td>${state(run.state_type, run.state_name)} <span class="soft">${moment(run.start_time ?? run.expected_start_time)}</span></td></tr>`;
}
