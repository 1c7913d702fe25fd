import { DatabaseSync } from "node:sqlite";
import { onPostgres } from "../../support/postgres.ts";

/** Everything about a schema that another program relies on, one line each: compares as a set. */
export type SchemaFacts = readonly string[];

/** The indexes of the reference's tables that are not unique, one line each. */
export async function introspectIndexes(database: string): Promise<SchemaFacts> {
  const facts = database.startsWith("postgresql:") ? await postgresIndexes(database) : sqliteIndexes(database);
  return facts.filter((fact) => !/(^|public\.)prefect_ts_/.test(fact)).sort();
}

function sqliteIndexes(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db
    .prepare(
      `select i.name, m.name as owner, x.sql,
         (select group_concat(coalesce(k.name, '?') || ' ' || k."desc" || ' ' || k.coll) from pragma_index_xinfo(i.name) k where k.key) as keys
       from sqlite_master m, pragma_index_list(m.name) i left join sqlite_master x on x.name = i.name
       where m.type = 'table' and not i."unique"`,
    )
    .all();
  db.close();
  return rows.map(({ owner, name, keys, sql }) => {
    const [, where = ""] = String(sql).split(/\bWHERE\b/i);
    const expressions = String(keys).includes("?") ? /\(.*\)/s.exec(String(sql))?.[0] : "";
    return `${owner} ${name} ${keys} ${expressions} ${where}`.replace(/[\s;]+/g, " ").trim();
  });
}

async function postgresIndexes(url: string): Promise<string[]> {
  const sql = `select pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' invalid' end as fact
    from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace and not i.indisunique`;
  const { rows } = await onPostgres(url, (client) => client.query(sql));
  return rows.map((row) => String(row.fact));
}

/** Facts of a database in our URL spelling (`postgresql://…`) or a path of an SQLite file. */
export async function introspect(database: string): Promise<SchemaFacts> {
  const facts = database.startsWith("postgresql:") ? await introspectPostgres(database) : introspectSqlite(database);
  return facts.filter((fact) => !/prefect_ts_|^sqlite_/.test(fact)).sort();
}

interface SqliteColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

function introspectSqlite(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const all = (sql: string) => db.prepare(sql).all() as Record<string, unknown>[];
  try {
    const columns = all(
      `select m.name as "table", c.* from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`,
    ) as unknown as SqliteColumn[];
    const keys = all(
      `select m.name as owner, k.* from sqlite_master m, pragma_foreign_key_list(m.name) k where m.type = 'table'`,
    );
    const unique = all(
      `select m.name as "table", i.name, i.origin, i.partial, (select group_concat(name order by seqno) from pragma_index_info(i.name)) as columns
       from sqlite_master m, pragma_index_list(m.name) i where m.type = 'table' and i."unique"`,
    );
    const constraints = all("select name, sql from sqlite_master where type = 'table'").flatMap(({ name, sql }) =>
      [...String(sql).matchAll(/CONSTRAINT (\w+)/g)].map(([, constraint]) => `${name} constraint ${constraint}`),
    );
    return [
      ...columns.map(
        (c) => `${c.table}.${c.name} ${c.type} notnull=${c.notnull} pk=${c.pk} default=${sqliteDefault(c.dflt_value)}`,
      ),
      ...keys.map((k) => `${k.owner}.${k.from} -> ${k.table} on delete ${String(k.on_delete).toUpperCase()}`),
      ...unique.map((u) =>
        u.origin === "c"
          ? `${u.table} unique index ${u.name} (${u.columns}) partial=${u.partial}`
          : `${u.table} ${u.origin} (${u.columns})`,
      ),
      ...constraints,
    ];
  } finally {
    db.close();
  }
}

/** Two ways to write a random uuid, or the current time, are the same default. */
function sqliteDefault(sql: string | null): string | null {
  if (sql?.includes("randomblob")) return "random uuid";
  return sql?.includes("strftime('%Y-%m-%d %H:%M:%f000', 'now')") ? "now" : sql;
}

const POSTGRES_FACTS = `
  with tables as (select c.oid, c.relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace)
  select format('%s.%s %s notnull=%s default=%s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as fact
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
  union all select format('%s %s %s', t.relname, k.conname, pg_get_constraintdef(k.oid))
    from tables t join pg_constraint k on k.conrelid = t.oid
  union all select pg_get_indexdef(i.indexrelid) from tables t join pg_index i on i.indrelid = t.oid where i.indisunique
  union all select format('enum %s %s', y.typname, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = y.oid))
    from pg_type y where y.typtype = 'e' and y.typnamespace = 'public'::regnamespace`;

async function introspectPostgres(url: string): Promise<string[]> {
  const { rows } = await onPostgres(url, (client) => client.query(POSTGRES_FACTS));
  return rows.map((row) => String(row.fact));
}
