import { sql } from "kysely";
import type { Database } from "../../database.ts";
import { hasConstraint } from "../../dialects/catalog.ts";
import { adapterOf } from "../../dialects/dialect.ts";
import { changeSchema } from "../change-schema.ts";
import type { Step } from "../step.ts";

interface Constraint {
  readonly table: string;
  readonly name: { readonly sqlite: string; readonly postgres: string };
  /** `CHECK (…)` or `FOREIGN KEY …`, in SQL that both dialects read. */
  readonly sql: string;
}

/** Adds a constraint that all rows satisfy already. PostgreSQL checks them without keeping writers out; SQLite trusts us. */
export function addConstraint(constraint: Constraint): Step {
  return {
    title: `Add constraint ${constraint.name.postgres}`,
    table: constraint.table,
    run: ({ database }) =>
      database.dialect.rowLocks ? addAndValidate(database, constraint) : declareConstraint(database, constraint),
  };
}

export function dropConstraint({ table, name }: Omit<Constraint, "sql">): Step {
  return {
    title: `Drop constraint ${name.postgres}`,
    run: ({ database }) =>
      changeSchema(database, async (tx) => {
        const { rewriteTable } = adapterOf(tx);
        if (rewriteTable) return rewriteTable(table, (declaration) => withoutConstraint(declaration, name.sqlite));
        await sql`alter table ${sql.id(table)} drop constraint if exists ${sql.id(name.postgres)}`.execute(tx);
      }),
  };
}

async function addAndValidate(database: Database, { table, name, sql: text }: Constraint): Promise<void> {
  const [on, constraint] = [sql.id(table), sql.id(name.postgres)];
  await changeSchema(database, async (tx) => {
    if (await hasConstraint(tx, table, name.postgres)) return;
    await sql`alter table ${on} add constraint ${constraint} ${sql.raw(text)} not valid`.execute(tx);
  });
  await changeSchema(database, (tx) => sql`alter table ${on} validate constraint ${constraint}`.execute(tx));
}

function declareConstraint(database: Database, { table, name, sql: text }: Constraint): Promise<void> {
  return changeSchema(database, async (tx) => {
    adapterOf(tx).rewriteTable?.(table, (declaration) =>
      new RegExp(`\\bCONSTRAINT "?${name.sqlite}\\b`, "i").test(declaration)
        ? declaration
        : declaration.replace(/\s*\)\s*$/, `, \n\tCONSTRAINT ${name.sqlite} ${text}\n)`),
    );
  });
}

/** Cuts `, CONSTRAINT name …` out of a declaration, up to the comma or parenthesis that ends it. */
export function withoutConstraint(declaration: string, name: string): string {
  const start = new RegExp(`,\\s*CONSTRAINT "?${name}"?(?!\\w)`, "i").exec(declaration);
  if (!start) return declaration;
  let depth = 0;
  for (let at = start.index + start[0].length; at < declaration.length; at++) {
    const character = declaration[at];
    if (depth === 0 && (character === "," || character === ")")) {
      return declaration.slice(0, start.index) + declaration.slice(at);
    }
    if (character === "(") depth++;
    if (character === ")") depth--;
  }
  return declaration;
}
