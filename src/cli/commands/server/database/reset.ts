import { openDatabase } from "../../../../db/database.ts";
import { dropSchema } from "../../../../db/migrations/drop-schema.ts";
import { migrate } from "../../../../db/migrations/migrate.ts";
import { migrationConfig } from "../../../../settings/index.ts";
import { command } from "../../../command.ts";
import { databaseLabel } from "../../../database-label.ts";
import { CommandFailed } from "../../../exit.ts";
import { switchFlag } from "../../../flags.ts";

export const reset = command({
  summary: "Drop all tables of Prefect with everything in them, and create them anew.",
  flags: { yes: switchFlag("-y, --yes", "Do not ask.") },
  async run(context, { flags }) {
    const { out, settings, inputs } = context;
    const label = databaseLabel(settings);
    const question = `Are you sure you want to reset the Prefect database at "${label}"? All that is in it will be lost.`;
    if (!flags.yes && !(await context.confirm(question))) throw CommandFailed("Database reset aborted");

    await using database = openDatabase(migrationConfig(settings, inputs.cwd));
    out.line("Dropping tables...");
    await dropSchema(database);
    out.line("Creating tables...");
    await migrate(database);

    out.success(`Prefect database "${label}" reset!`);
  },
});
