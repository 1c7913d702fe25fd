import { planMakeover, runMakeover } from "../../../../db/migrations/change-revision.ts";
import { command } from "../../../command.ts";
import { databaseLabel } from "../../../database-label.ts";
import { outputFlag } from "../../../flags.ts";
import { askFor, dryRunFlag, openForChange, printPlan, progressPrinter, yesFlag } from "./session.ts";

export const handBack = command({
  summary: "Leave the database exactly as Python's Prefect 3.9.1 would have made it.",
  details:
    "Restores its indexes and defaults, frees the slots of concurrency limits that runs hold by leases, and removes our\n" +
    "tables. Stop every server of this database first. Runs, logs and everything else stay.",
  flags: { yes: yesFlag, dryRun: dryRunFlag, output: outputFlag },
  async run(context, { flags }) {
    const { out, settings } = context;
    await using database = openForChange(context);
    if (flags.dryRun) return printPlan(out, await planMakeover(database, "hand-back"), flags.output);
    if (!flags.yes) await askFor(context, "hand back the Prefect database", "Nothing was handed back!");

    const isJson = flags.output === "json";
    const steps = await runMakeover(database, "hand-back", isJson ? () => undefined : progressPrinter(out));
    if (isJson) return out.json({ outcome: "handed-back", steps });
    out.success(`Prefect database at "${databaseLabel(settings)}" handed back!`);
  },
});
