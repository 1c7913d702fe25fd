import type { Db } from "../../db/database.ts";
import { findConfiguration, insertConfiguration } from "../../db/repositories/configuration.ts";
import { type FernetKey, generateFernetKey, parseFernetKey } from "../../kit/fernet.ts";
import { parseJson } from "../../kit/json.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import type { Settings } from "../../settings/index.ts";
import type { ServerContext } from "../context.ts";
import { InvalidEncryptionKey } from "../errors.ts";

const KEY = "ENCRYPTION_KEY";

/** The key given by the environment, if there is one. @throws InvalidEncryptionKey */
export function givenEncryptionKey({ encryptionKey }: Pick<Settings, "encryptionKey">): FernetKey | undefined {
  if (encryptionKey === undefined) return undefined;
  return parsed(encryptionKey.reveal(), "PREFECT_SERVER_ENCRYPTION_KEY");
}

/** The key documents are encrypted with: the one given, or the one the database keeps. Undefined while there is none. */
export async function findEncryptionKey(ctx: ServerContext, db: Db): Promise<FernetKey | undefined> {
  const given = givenEncryptionKey(ctx.settings);
  if (given) return given;
  const stored = await findConfiguration(db, KEY);
  if (!stored) return undefined;
  const value = parseJson(stored.value);
  return parsed(isRecord(value) ? String(value.fernet_key) : "", `The ${KEY} in the database's configuration`);
}

/** The same; makes one and keeps it in the database when there is none. Runs inside `Database.write`. */
export async function ensureEncryptionKey(ctx: ServerContext, tx: Db): Promise<FernetKey> {
  const known = await findEncryptionKey(ctx, tx);
  if (known) return known;
  const value = JSON.stringify({ fernet_key: generateFernetKey() });
  const now = ctx.db.dialect.timestamp(ctx.clock.now());
  await insertConfiguration(tx, { id: ctx.ids.next(), key: KEY, value, now });
  // Another server may have been first.
  return (await findEncryptionKey(ctx, tx)) as FernetKey;
}

function parsed(text: string, where: string): FernetKey {
  const key = parseFernetKey(text);
  if (!key) throw InvalidEncryptionKey(where);
  return key;
}
