import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import type { PostgresConfig, PostgresRole, PostgresTls } from "./database.ts";
import { DatabaseFileUnreadable } from "./errors.ts";
import { parsePostgresUrl } from "./postgres-url.ts";

/** One way to reach the database: what the driver is told, and what the server must be. */
export interface PostgresPlace {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly ssl: ConnectionOptions | false;
  readonly role: PostgresRole;
}

/** The ways there are, the one to use now, and which of them to try after a failure. */
export interface PostgresPlaces {
  readonly current: PostgresPlace;
  readonly count: number;
  /** Turns to another place than `failed` for what `error` says; false when no other would do better. */
  leave(failed: PostgresPlace, error: unknown): boolean;
}

/** Told when a server that answers is not of the role asked for. */
export class UnsuitableServer extends Error {}

/** @throws DatabaseFileUnreadable for certificates and keys */
export function postgresPlaces(config: PostgresConfig): PostgresPlaces {
  const places = listPlaces(config);
  let index = 0;
  const at = (number: number) => places[number % places.length] as PostgresPlace;
  return {
    get current() {
      return at(index);
    },
    count: places.length,
    leave(failed, error) {
      const from = places.indexOf(failed);
      const step = stepAfter(places, from, error);
      // Somebody else's failure may have turned to another place already.
      if (step > 0 && index === from) index = (from + step) % places.length;
      return step > 0;
    },
  };
}

/** How many places on from `from` the next one to try is; 0 for none. */
function stepAfter(places: readonly PostgresPlace[], from: number, error: unknown): number {
  if (places.length === 1) return 0;
  if (isAboutTls(error)) return 1;
  const { code = "" } = error as { code?: string };
  // The server is starting, stopping or full; any other answer of PostgreSQL would be the same elsewhere.
  const isRefusal = /^[0-9A-Z]{5}$/.test(code) && !/^(?:57P0|53)/.test(code) && !/^E[A-Z]{4}$/.test(code);
  if (isRefusal) return 0;
  const { host, port } = places[from] as PostgresPlace;
  const isElsewhere = (step: number) => {
    const place = places[(from + step) % places.length];
    return place?.host !== host || place?.port !== port || place?.role !== places[from]?.role;
  };
  return Array.from({ length: places.length - 1 }, (_, step) => step + 1).find(isElsewhere) ?? 0;
}

/** The server has no TLS, its handshake failed, or its rules want it otherwise (28000). */
function isAboutTls(error: unknown): boolean {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return code === "28000" || /^ERR_(?:SSL|TLS)_/.test(code) || /SSL connection|secure TLS connection/.test(message);
}

function listPlaces(config: PostgresConfig): readonly PostgresPlace[] {
  const { role = "any", tls } = config;
  const hosts = parsePostgresUrl(config.url).hosts;
  // Whoever prefers a standby takes anything when there is none.
  const roles: readonly PostgresRole[] = role === "prefer-standby" ? ["standby", "any"] : [role];
  const [off, on] = [false, tls && tlsOptions(tls)] as const;
  return roles.flatMap((each) =>
    hosts.flatMap(({ host, port }) =>
      waysTo(host, tls?.mode, { off, on }).map((ssl) => ({ host, port, ssl, role: each })),
    ),
  );
}

interface Ways {
  readonly off: false;
  readonly on: ConnectionOptions | undefined;
}

function waysTo(host: string | undefined, mode: PostgresTls["mode"] | undefined, { off, on }: Ways) {
  if (on === undefined || host?.startsWith("/")) return [off];
  switch (mode) {
    case "allow":
      return [off, on];
    case "prefer":
      return [on, off];
    default:
      return [on];
  }
}

/** The place of an authority's certificate that every PostgreSQL client looks at. */
const USUAL_CA_FILE = join(homedir(), ".postgresql", "root.crt");

function tlsOptions(tls: PostgresTls): ConnectionOptions {
  const usual = tls.mode === "require" && existsSync(USUAL_CA_FILE) ? USUAL_CA_FILE : undefined;
  const isVerified = tls.isVerified || usual !== undefined;
  return {
    ...read("ca", tls.caFile ?? usual),
    ...read("cert", tls.certFile),
    ...read("key", tls.keyFile),
    rejectUnauthorized: isVerified,
    ...(tls.checksHostname ? {} : { checkServerIdentity: () => undefined }),
  };
}

function read(name: "ca" | "cert" | "key", path: string | undefined): ConnectionOptions {
  if (path === undefined) return {};
  try {
    return { [name]: readFileSync(path) };
  } catch (error) {
    throw DatabaseFileUnreadable(path, error);
  }
}
