import { planMakeover, runMakeover } from "../../../../db/migrations/change-revision.ts";
import { command } from "../../../command.ts";
import { databaseLabel } from "../../../database-label.ts";
import { outputFlag } from "../../../flags.ts";
import { askFor, dryRunFlag, openForChange, printPlan, progressPrinter, yesFlag } from "./session.ts";

export const optimize = command({
  summary: "Trade the indexes of Python's Prefect for fewer and better ones.",
  details:
    "For a database that Python's Prefect has made: writes become several times faster. Servers may run meanwhile. New\n" +
    "indexes are built before old ones go; indexes of your own stay. `hand-back` undoes it.",
  flags: { yes: yesFlag, dryRun: dryRunFlag, output: outputFlag },
  async run(context, { flags }) {
    const { out, settings } = context;
    await using database = openForChange(context);
    if (flags.dryRun) return printPlan(out, await planMakeover(database, "optimize"), flags.output);
    if (!flags.yes)
      await askFor(context, "trade the indexes of the Prefect database", "Database optimization aborted!");

    const isJson = flags.output === "json";
    const steps = await runMakeover(database, "optimize", isJson ? () => undefined : progressPrinter(out));
    if (isJson) return out.json({ outcome: steps === 0 ? "current" : "optimized", steps });
    if (steps === 0) out.line("Its indexes are ours already.");
    out.success(`Prefect database at "${databaseLabel(settings)}" optimized!`);
  },
});
