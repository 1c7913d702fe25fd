import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { deleteExpiredCsrfTokens, findCsrfToken, upsertCsrfToken } from "../db/repositories/csrf-tokens.ts";
import type { Row } from "../db/tables.ts";
import { compareTimestamps, timestampFromMs } from "../kit/timestamp.ts";
import { sameText } from "./auth.ts";
import type { ServerContext } from "./context.ts";
import { CsrfDisabled, InvalidCsrfToken, MissingCsrfClient, MissingCsrfToken } from "./errors.ts";

const TOKEN_BYTES = 32;
const CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Makes a client's token; the one it had is void.
 * @throws CsrfDisabled
 */
export async function createCsrfToken(ctx: ServerContext, client: string): Promise<Row<"csrf_token">> {
  const { csrf_protection_enabled, csrf_token_expiration } = ctx.settings.server.api;
  if (!csrf_protection_enabled) throw CsrfDisabled();
  const { timestamp } = ctx.db.dialect;
  const now = timestamp(ctx.clock.now());
  const expiration = timestamp(timestampFromMs(ctx.clock.nowMs() + csrf_token_expiration * 1000));
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  const id = ctx.ids.next();
  return ctx.db.write(async (tx) => {
    const row = await upsertCsrfToken(tx, { id, client, token, expiration, now });
    await deleteExpiredCsrfTokens(tx, now);
    return row;
  });
}

/**
 * Lets a request pass that changes nothing or carries its client's token; not to be asked when the protection is off.
 * @throws MissingCsrfToken, MissingCsrfClient, InvalidCsrfToken
 */
export async function checkCsrf(ctx: ServerContext, method: string, headers: IncomingHttpHeaders): Promise<void> {
  if (!CHANGING.has(method)) return;
  const { "prefect-csrf-token": token, "prefect-csrf-client": client } = headers;
  if (token === undefined) throw MissingCsrfToken();
  if (client === undefined) throw MissingCsrfClient();
  const known = await findCsrfToken(ctx.db.read, String(client));
  const isCurrent = known !== undefined && compareTimestamps(known.expiration, ctx.clock.now()) > 0;
  if (!isCurrent || !sameText(known.token, String(token))) throw InvalidCsrfToken();
}
