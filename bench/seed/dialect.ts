/** SQL text; `n` and `ms` below are integer expressions. */
type Sql = string;

/** The few expressions in which the seeding statements of the two databases differ. */
export interface SeedDialect {
  /** A version 7 uuid of that moment. `kind`: three hexadecimal digits that keep the ids of different tables apart. */
  id(kind: string, n: Sql, ms?: Sql): Sql;
  /** The text of such an id. */
  idText(kind: string, n: Sql, ms?: Sql): Sql;
  time(ms: Sql): Sql;
  seconds(n: Sql): Sql;
  json(text: Sql): Sql;
  stateType(text: Sql): Sql;
  yes: Sql;
  /** Rows `i` from `first` up to but not including `end`. `columns` may use `i`. */
  select(columns: readonly Sql[], first: number, end: number): Sql;
}

const EPOCH = "1970-01-01 00:00:00";

const sqliteId = (kind: string, n: Sql, ms: Sql = "0") =>
  `printf('%08x-%04x-7001-8${kind}-%012x', (${ms}) >> 16, (${ms}) & 65535, ${n})`;

export const sqliteSeed: SeedDialect = {
  id: sqliteId,
  idText: sqliteId,
  time: (ms) => `strftime('%Y-%m-%d %H:%M:%f000', (${ms}) / 1000.0, 'unixepoch')`,
  seconds: (n) => `strftime('%Y-%m-%d %H:%M:%f000', '${EPOCH}', '+' || (${n}) || ' seconds')`,
  json: (text) => text,
  stateType: (text) => text,
  yes: "1",
  select: (columns, first, end) =>
    `with recursive s(i) as (select ${first} union all select i + 1 from s where i + 1 < ${end})
     select ${columns.join(", ")} from s`,
};

const hex = (n: Sql, digits: number) => `lpad(to_hex((${n})::bigint), ${digits}, '0')`;
const postgresId = (kind: string, n: Sql, ms: Sql = "0") =>
  `(${hex(`(${ms}) >> 16`, 8)} || '-' || ${hex(`(${ms}) & 65535`, 4)} || '-7001-8${kind}-' || ${hex(n, 12)})`;

export const postgresSeed: SeedDialect = {
  id: (kind, n, ms) => `${postgresId(kind, n, ms)}::uuid`,
  idText: postgresId,
  time: (ms) => `to_timestamp((${ms}) / 1000.0)`,
  seconds: (n) => `make_interval(secs => ${n})`,
  json: (text) => `(${text})::jsonb`,
  stateType: (text) => `(${text})::state_type`,
  yes: "true",
  select: (columns, first, end) =>
    `select ${columns.join(", ")} from generate_series(${first}::bigint, ${end - 1}::bigint) as s(i)`,
};
