import { openDatabase } from "../../../../db/database.ts";
import { migrate } from "../../../../db/migrations/migrate.ts";
import { databaseConfig } from "../../../../settings/index.ts";
import { command } from "../../../command.ts";
import { databaseLabel } from "../../../database-label.ts";
import { CommandFailed } from "../../../exit.ts";
import { switchFlag } from "../../../flags.ts";

export const upgrade = command({
  summary: "Bring the database to the newest tables.",
  flags: { yes: switchFlag("-y, --yes", "Do not ask.") },
  async run(context, { flags }) {
    const { out, settings, inputs } = context;
    const label = databaseLabel(settings);
    const question = `Are you sure you want to upgrade the Prefect database at "${label}"?`;
    if (!flags.yes && !(await context.confirm(question))) throw CommandFailed("Database upgrade aborted!");

    await using database = openDatabase(databaseConfig(settings, inputs.cwd));
    out.line("Running upgrade migrations...");
    const done = await migrate(database);

    out.line(done === "created" ? "Migrations succeeded!" : "There was nothing to migrate.");
    out.success(`Prefect database at "${label}" upgraded!`);
  },
});
