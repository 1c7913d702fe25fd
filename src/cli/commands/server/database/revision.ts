import { chainOf, OLDEST } from "../../../../db/migrations/chain.ts";
import { findRevision } from "../../../../db/migrations/revision-table.ts";
import { command } from "../../../command.ts";
import { CommandFailed } from "../../../exit.ts";
import { outputFlag, switchFlag, textFlag } from "../../../flags.ts";
import { openForChange } from "./session.ts";

export const revision = command({
  summary: "Show the revision the database is at, and all there are.",
  details:
    "The migrations are part of this program: it writes no files of new ones, which is what -m is for in Python's.",
  flags: {
    message: textFlag("-m, --message <message>", "Refused: new migrations are not made here."),
    autogenerate: switchFlag("--autogenerate", "Refused: new migrations are not made here."),
    output: outputFlag,
  },
  async run(context, { flags }) {
    if (flags.message !== undefined || flags.autogenerate) {
      throw CommandFailed(
        "Migrations are part of this program, so no file was made. Without -m and --autogenerate, revisions are listed.",
      );
    }
    await using database = openForChange(context);
    const { name } = database.dialect;
    const current = await findRevision(database.read);
    const revisions = [
      { revision: OLDEST[name], migration: "The tables of Prefect 3.1.7" },
      ...chainOf(name).map(({ to, migration }) => ({ revision: to, migration: migration.title })),
    ];
    if (flags.output === "json") return context.out.json({ revision: current ?? null, revisions });
    context.out.table(
      revisions.map(({ revision: id, migration }) => [id === current ? "*" : "", id, migration]),
      { columns: [{ title: "" }, { title: "Revision" }, { title: "What it does", mayShrink: true }] },
    );
    context.out.line(current === undefined ? "The database is at no revision." : `The database is at ${current}.`);
  },
});
