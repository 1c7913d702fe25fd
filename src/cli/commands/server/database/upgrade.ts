import { migrate, planMigration } from "../../../../db/migrations/migrate.ts";
import { command } from "../../../command.ts";
import { databaseLabel } from "../../../database-label.ts";
import { outputFlag, textFlag } from "../../../flags.ts";
import { askFor, dryRunFlag, openForChange, printPlan, progressPrinter, yesFlag } from "./session.ts";

export const upgrade = command({
  summary: "Bring the database to the newest tables.",
  details:
    "Takes databases of Prefect 3.1.7 and later as they are, with all that is in them. On PostgreSQL indexes are built\n" +
    "while others write. What was cut off goes on where it was when the command is called again.",
  flags: {
    yes: yesFlag,
    revision: textFlag("-r, --revision <revision>", "How far: a revision, its first characters, +1, or head. [head]"),
    dryRun: dryRunFlag,
    output: outputFlag,
  },
  async run(context, { flags }) {
    const { out, settings } = context;
    const { revision = "head", output } = flags;
    await using database = openForChange(context);
    if (flags.dryRun) {
      const plan = await planMigration(database, revision);
      if (plan === undefined && output !== "json")
        return out.line("The database is empty: all tables would be created.");
      return printPlan(out, plan ?? [{ step: "Create all tables", rows: 0 }], output);
    }
    if (!flags.yes) await askFor(context, "upgrade the Prefect database", "Database upgrade aborted!");

    if (output === "json") return out.json({ outcome: await migrate(database, { revision }) });
    out.line("Running upgrade migrations ...");
    const outcome = await migrate(database, { revision, onProgress: progressPrinter(out) });
    out.line(outcome === "current" ? "There was nothing to migrate." : "Migrations succeeded!");
    out.success(`Prefect database at "${databaseLabel(settings)}" upgraded!`);
  },
});
