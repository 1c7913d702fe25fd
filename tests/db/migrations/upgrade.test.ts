import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../../src/db/migrations/migrate.ts";
import type { DatabaseKind } from "../../support/reference.ts";
import { missing } from "../../support/require.ts";
import { introspect, introspectIndexes } from "./introspect.ts";
import { makePlace, openPlace, type Place } from "./places.ts";
import { readRows } from "./read-rows.ts";
import { type ReferenceChain, walkReferenceChain } from "./reference-chain.ts";

const kinds: readonly DatabaseKind[] = ["sqlite", "postgresql"];
const WALK_MS = 180_000;

async function factsOf(where: string) {
  return { schema: await introspect(where), indexes: await introspectIndexes(where), rows: await readRows(where) };
}

describe.each(kinds)("upgrading on %s", (kind) => {
  const lacks =
    (kind === "postgresql" ? missing("postgresql") : undefined) ?? missing("reference-3.1.7", "reference-3.9.1");
  let chain: ReferenceChain;
  let expected: Awaited<ReturnType<typeof factsOf>>;

  beforeAll(async () => {
    if (lacks) return;
    chain = await walkReferenceChain(kind);
    expected = await factsOf(chain.at(chain.revisions.at(-1) ?? ""));
  }, WALK_MS);
  afterAll(async () => {
    await chain?.[Symbol.asyncDispose]();
  });

  const copyOf = (revision: string): Promise<Place> => makePlace(kind, chain.at(revision));

  /** What the reference makes of it, without the rows that only came later than `revision`. */
  async function expectedFrom(revision: string) {
    const tables = Object.keys(await readRows(chain.at(revision)));
    const later = ["deployment_version", "automation_held_event"].filter((table) => !tables.includes(table));
    return { ...expected, rows: { ...expected.rows, ...Object.fromEntries(later.map((table) => [table, []])) } };
  }

  test.skipIf(lacks)(
    "makes of every revision since 3.1.7 what the reference makes of it, rows and all",
    async () => {
      for (const revision of chain.revisions) {
        await using place = await copyOf(revision);
        await using database = openPlace(place.where);

        const outcome = await migrate(database);

        expect(outcome, revision).toBe(revision === chain.revisions.at(-1) ? "current" : "upgraded");
        expect(await factsOf(place.where), revision).toEqual(await expectedFrom(revision));
      }
    },
    WALK_MS,
  );
});
