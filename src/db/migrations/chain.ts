import { migrations } from "./all-migrations.ts";
import { RevisionNotFound } from "./errors.ts";
import type { Migration } from "./step.ts";

type DialectName = "sqlite" | "postgres";

/** The oldest revision that is upgraded: Prefect 3.1.7's newest. */
export const OLDEST = { sqlite: "a49711513ad4", postgres: "5d03c01be85e" } as const;

/** One step of a database's own way through the revisions. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly migration: Migration;
}

const chains: Readonly<Record<DialectName, readonly Link[]>> = {
  sqlite: linksOf("sqlite"),
  postgres: linksOf("postgres"),
};

/** The migrations of one kind of database, oldest first. */
export function chainOf(dialect: DialectName): readonly Link[] {
  return chains[dialect];
}

function linksOf(dialect: DialectName): readonly Link[] {
  let from: string = OLDEST[dialect];
  return migrations.flatMap((migration) => {
    const to = migration.revision[dialect];
    if (to === undefined) return [];
    const link = { from, to, migration };
    from = to;
    return [link];
  });
}

/** Every revision a database may be at and still be upgraded, oldest first; the last is the newest. */
export function supportedRevisions(dialect: DialectName): readonly string[] {
  return [OLDEST[dialect], ...chains[dialect].map(({ to }) => to)];
}

/**
 * The revision that `wanted` means where `current` is the database's own: an id or its beginning, `head`, or so many
 * steps from here (`-1`, `+2`). Throws RevisionNotFound for anything else.
 */
export function resolveRevision(dialect: DialectName, wanted: string, current: string): string {
  const known = supportedRevisions(dialect);
  const found = /^[+-]\d+$/.test(wanted)
    ? known[known.indexOf(current) + Number(wanted)]
    : wanted === "head"
      ? known.at(-1)
      : onlyOne(known.filter((revision) => wanted.length >= 4 && revision.startsWith(wanted)));
  if (found === undefined) throw RevisionNotFound(wanted);
  return found;
}

function onlyOne(found: readonly string[]): string | undefined {
  return found.length === 1 ? found[0] : undefined;
}
