import { type Database, openDatabase } from "../../../../db/database.ts";
import type { PlannedStep, Progress } from "../../../../db/migrations/follow-chain.ts";
import { migrationConfig } from "../../../../settings/index.ts";
import type { Context } from "../../../context.ts";
import { databaseLabel } from "../../../database-label.ts";
import { CommandFailed } from "../../../exit.ts";
import { switchFlag } from "../../../flags.ts";
import type { Output } from "../../../output.ts";

export const yesFlag = switchFlag("-y, --yes", "Do not ask.");
export const dryRunFlag = switchFlag(
  "--dry-run",
  "List the steps, with an estimate of the rows each goes through, and do nothing.",
);

/** Opens the configured database, with the limits that changes of the schema have. */
export function openForChange({ settings, inputs }: Context): Database {
  return openDatabase(migrationConfig(settings, inputs.cwd));
}

/** Asks whether to go on with `what` ("upgrade the Prefect database"). Throws CommandFailed after a no. */
export async function askFor(context: Context, what: string, aborted: string): Promise<void> {
  const question = `Are you sure you want to ${what} at "${databaseLabel(context.settings)}"?`;
  if (!(await context.confirm(question))) throw CommandFailed(aborted);
}

type Planned = Pick<PlannedStep, "step" | "rows"> & Partial<PlannedStep>;

/** The steps of a plan as a table, or as JSON. */
export function printPlan(out: Output, steps: readonly Planned[], output: "json" | undefined): void {
  if (output === "json") out.json(steps);
  else if (steps.length === 0) out.line("There is nothing to do.");
  else printSteps(out, steps);
}

function printSteps(out: Output, steps: readonly Planned[]): void {
  const rows = steps.map(({ revision = "", step, rows: count }) => [revision, step, count === 0 ? "" : `~${count}`]);
  const hasRevisions = steps.some(({ revision }) => revision !== undefined);
  out.table(hasRevisions ? rows : rows.map((row) => row.slice(1)), {
    columns: [...(hasRevisions ? [{ title: "Revision" }] : []), { title: "Step", mayShrink: true }, { title: "Rows" }],
    caption: "Nothing was changed.",
  });
}

const REPORT_MS = 2000;

/** Prints each step as it begins, and every other second how far a long one is. */
export function progressPrinter(out: Output): (progress: Progress) => void {
  let reportedMs = 0;
  return ({ revision, step, done, total }) => {
    if (done === undefined) {
      reportedMs = performance.now();
      out.line(`  ${revision === undefined ? "" : `${revision}  `}${step}`);
      return;
    }
    if (performance.now() - reportedMs < REPORT_MS) return;
    reportedMs = performance.now();
    out.line(out.style("dim", `    ${total ? `${Math.floor((100 * done) / total)} %` : `${done} rows`}`));
  };
}
