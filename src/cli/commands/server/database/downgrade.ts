import { downgrade as downgradeDatabase, planDowngrade } from "../../../../db/migrations/change-revision.ts";
import { command } from "../../../command.ts";
import { databaseLabel } from "../../../database-label.ts";
import { outputFlag, textFlag } from "../../../flags.ts";
import { askFor, dryRunFlag, openForChange, printPlan, progressPrinter, yesFlag } from "./session.ts";

export const downgrade = command({
  summary: "Take the database back to the tables of an older release, down to 3.1.7.",
  details:
    "Restores the tables and indexes that release of Python's Prefect knows, and removes ours. Stop every server of this\n" +
    "database first: the next one of ours to start upgrades it again.",
  flags: {
    yes: yesFlag,
    revision: textFlag(
      "-r, --revision <revision>",
      "How far: a revision, its first characters, or a number of steps. [-1]",
    ),
    dryRun: dryRunFlag,
    output: outputFlag,
  },
  async run(context, { flags }) {
    const { out, settings } = context;
    const { revision = "-1", output } = flags;
    await using database = openForChange(context);
    if (flags.dryRun) return printPlan(out, await planDowngrade(database, revision), output);
    if (!flags.yes) await askFor(context, "downgrade the Prefect database", "Database downgrade aborted!");

    const isJson = output === "json";
    if (!isJson) out.line("Running downgrade migrations ...");
    await downgradeDatabase(database, revision, isJson ? () => undefined : progressPrinter(out));
    if (isJson) return out.json({ outcome: "downgraded" });
    out.line("Migrations succeeded!");
    out.success(`Prefect database at "${databaseLabel(settings)}" downgraded!`);
  },
});
