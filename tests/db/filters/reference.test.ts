import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/db/database.ts";
import { createTestDatabase, type TestDatabase } from "../../../src/testing/test-databases.ts";
import type { DatabaseKind } from "../../../src/testing/test-server-options.ts";
import { postgresUrl } from "../../support/postgres.ts";
import { type ReferenceServer, startReference } from "../../support/reference.ts";
import { missing } from "../../support/require.ts";
import { relatedSubjects } from "./related-subjects.ts";
import { seed } from "./seed.ts";
import { subjects } from "./subjects.ts";

/** Without the services that would change the rows meanwhile, nor the limit on how old an event may be. */
const quiet = Object.fromEntries(
  ["FOREMAN", "LATE_RUNS", "SCHEDULER", "PAUSE_EXPIRATIONS"].map((name) => [
    `PREFECT_SERVER_SERVICES_${name}_ENABLED`,
    "false",
  ]),
);
const kinds: readonly DatabaseKind[] = ["sqlite", "postgresql"];

/** What both kinds of cases come down to: a body, and what our filters must find for it. */
const questions = [
  ...subjects.flatMap(({ endpoint, part, column, name, cases }) =>
    cases.map(({ title, filter, found }) => ({
      title: `${name}: ${title}`,
      endpoint,
      column,
      found,
      body: { [part]: filter },
    })),
  ),
  ...relatedSubjects.flatMap(({ endpoint, column, table, cases }) =>
    cases.map(({ title, body, found }) => ({ title: `${table}: ${title}`, endpoint, column, found, body })),
  ),
];

describe.each(kinds)("the reference finds the same in our database on %s", (kind) => {
  const lacks = missing("reference-3.9.1") ?? (kind === "postgresql" ? missing("postgresql") : undefined);
  describe.skipIf(lacks)("for", () => {
    let place: TestDatabase;
    let reference: ReferenceServer;

    beforeAll(async () => {
      place = await createTestDatabase(kind, postgresUrl());
      await using database = openDatabase(place.config);
      await seed(database);
      const env = {
        ...quiet,
        PREFECT_SERVER_EVENTS_RETENTION_PERIOD: "3650d",
        PREFECT_API_DATABASE_CONNECTION_URL: place.connectionUrl,
      };
      reference = await startReference({ database: kind, env });
    }, 120_000);
    afterAll(async () => {
      await reference[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    const answerable = questions.filter(({ endpoint, body }) => !isKnownToBreak(kind, endpoint, JSON.stringify(body)));
    test.each(answerable)("$title", async ({ endpoint, column, found, body }) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${reference.apiUrl}/${endpoint}/filter`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      const answer: unknown = await response.json();

      expect(response.status).toBe(200);
      const rows = endpoint === "events" ? (answer as { events: unknown }).events : answer;
      const values = (rows as readonly Record<string, unknown>[]).map((row) => row[column]);
      expect(values.toSorted()).toEqual(found.toSorted());
    });
  });
});

/** Requests where the reference answers 500 or 503, takes half a minute, or (NUL in a SQLite pattern) finds everything. */
function isKnownToBreak(kind: DatabaseKind, endpoint: string, body: string): boolean {
  const isUnencryptedBlock = endpoint === "block_documents";
  const isVeryLong = body.length > 50_000;
  const isBeyondSmallint = kind === "postgresql" && body.includes("3000000000");
  const isEventText = kind === "sqlite" && endpoint === "events" && body.includes("query");
  return isUnencryptedBlock || isEventText || isVeryLong || isBeyondSmallint || /\\u0000|\\ud800/.test(body);
}
