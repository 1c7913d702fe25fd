import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Db } from "../../src/db/database.ts";
import { dialectOf } from "../../src/db/dialects/dialect.ts";
import type { Route } from "../../src/server/route.ts";
import { routes } from "../../src/server/routes.ts";
import { createApi } from "../compare/api.ts";
import { forEachServer } from "../support/for-each-server.ts";
import { type HostileRequest, hostileRequests } from "../support/hostile/requests.ts";
import { knownFor, seed } from "../support/hostile/seed.ts";

const TIMEOUT_MS = 240_000;
const SHOWN_CHARACTERS = 300;
const SHOWN_COMPLAINTS = 20;
const TOO_LARGE_BYTES = 65 * 1024 * 1024;

/** These note who asked after the answer, or count what they refused. */
const KEEPS_BOOKS = /get_scheduled_flow_runs|get_runs|increment/;

const isReading = ({ method, path }: Route) =>
  method === "GET" || /\/(?:filter|count|paginate|history|lateness|next-runs)$/.test(path);

forEachServer((start) => {
  test(
    "no operation breaks on bad input, and what is refused leaves nothing behind",
    async () => {
      await using server = await start();
      const digest = await databaseDigest(server.ctx.db.read);
      const complaints: string[] = [];
      const seen = new Set<string>();
      let known = await seed(server.apiUrl, 0);

      for (const [index, route] of routes.entries()) {
        const mayChange = !isReading(route) && !KEEPS_BOOKS.test(route.path);
        let before = await digest();
        for (const request of hostileRequests(route, knownFor(route.path, known), seen)) {
          const { status, text } = await send(server.apiUrl, request);
          if (status >= 500) complaints.push(`${describe(request)} -> ${status} ${text}`);
          const after = mayChange ? await digest() : before;
          if (status >= 400 && after !== before) complaints.push(`${describe(request)} -> ${status}, with a change`);
          before = after;
        }
        if (isReading(route) && (await digest()) !== before) complaints.push(`${route.path} changed something`);
        if (/delete/i.test(route.operationId)) known = await seed(server.apiUrl, index + 1);
      }

      expect(complaints.slice(0, SHOWN_COMPLAINTS)).toEqual([]);
      expect(Object.prototype).not.toHaveProperty("polluted");
      expect(await readEverything(server.apiUrl)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test("a body that is too large is refused", async () => {
    await using server = await start();

    const response = await fetch(`${server.apiUrl}/flows/`, {
      method: "POST",
      body: Buffer.alloc(TOO_LARGE_BYTES, " "),
    });

    expect(response.status).toBe(413);
  });
});

async function send(apiUrl: string, request: HostileRequest): Promise<{ status: number; text: string }> {
  const { method, path, body } = request;
  const response = await fetch(apiUrl + path, {
    method,
    redirect: "manual",
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

function describe({ method, path, body }: HostileRequest): string {
  return `${method} ${path} ${String(body ?? "")}`.slice(0, SHOWN_CHARACTERS);
}

/** Makes a function that tells whether any table has gained, lost or changed a row. */
async function databaseDigest(db: Db): Promise<() => Promise<string>> {
  const tables = await db.introspection.getTables();
  const counts = tables.map(({ name, columns }) => {
    const latest = columns.some((column) => column.name === "updated") ? sql`cast(max(updated) as text)` : sql`null`;
    return sql`select ${sql.lit(name)} as name, count(*) as rows, ${latest} as latest from ${sql.table(name)}`;
  });
  const query = sql`${sql.join(counts, sql` union all `)}`;
  const full = async () => JSON.stringify((await query.execute(db)).rows);
  if (!dialectOf(db).rowLocks) return full;
  // On PostgreSQL the next transaction id tells faster that nobody, in any of its databases, has written.
  const nextTransaction = sql`select pg_snapshot_xmax(pg_current_snapshot())::text as id`;
  let [last, digest] = ["", ""];
  return async () => {
    const next = JSON.stringify((await nextTransaction.execute(db)).rows);
    if (next !== last) digest = await full();
    last = next;
    return digest;
  };
}

/** What was taken can be read again: the lists that cannot. */
async function readEverything(apiUrl: string): Promise<readonly string[]> {
  const api = createApi(apiUrl);
  const lists = [
    "flows",
    "flow_runs",
    "task_runs",
    "deployments",
    "work_pools",
    "variables",
    "artifacts",
    "logs",
    "events",
  ];
  const failures: string[] = [];
  for (const list of lists) {
    const { status } = await api.post(`/${list}/filter`, {});
    if (status !== 200) failures.push(`${list}: ${status}`);
  }
  return failures;
}
