import { stamp as stampDatabase } from "../../../../db/migrations/change-revision.ts";
import { command } from "../../../command.ts";
import { argument } from "../../../flags.ts";
import { openForChange } from "./session.ts";

export const stamp = command({
  summary: "Write that the database is at a revision, without changing anything else.",
  args: { revision: argument("A revision, its first characters, +1 or -1, or head.") },
  async run(context, { args }) {
    context.out.line("Stamping database with revision ...");
    await using database = openForChange(context);
    const revision = await stampDatabase(database, args.revision);
    context.out.success(`Stamping database with revision ${revision} succeeded!`);
  },
});
