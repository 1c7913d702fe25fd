import type { Settings } from "./catalogue.ts";
import { DatabaseUrlInvalid } from "./errors.ts";
import type { DatabaseUrlParts } from "./parse-database-url.ts";

/** A PostgreSQL database. */
export interface PostgresConfig {
  readonly kind: "postgres";
  /**
   * `postgresql://user:password@host:port/name`, every part escaped, without options. There may be several `host:port`,
   * separated by commas, to be tried in turn; an escaped directory is one with a socket; none means the client's default.
   */
  readonly url: string;
  readonly applicationName: string | undefined;
  readonly searchPath: string | undefined;
  readonly maxConnections: number;
  /** 0 means no bound. */
  readonly statementTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  /** After this long a connection is replaced; 0 means never. */
  readonly connectionLifetimeSeconds: number;
  /** False behind PgBouncer in transaction mode. */
  readonly usesPreparedStatements: boolean;
  /** What a server must be to be used, where there are several. */
  readonly role: PostgresRole;
  /** Undefined means never. */
  readonly tls: PostgresTls | undefined;
}

const ROLES = ["any", "primary", "standby", "read-write", "read-only", "prefer-standby"] as const;

type PostgresRole = (typeof ROLES)[number];

/** How to speak TLS with PostgreSQL; the files are PEM. */
interface PostgresTls {
  /** `prefer` falls back to plain text where the server has no TLS, `allow` takes TLS where the server insists. */
  readonly mode: "allow" | "prefer" | "require";
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** Whether the certificate must be signed by a known authority. */
  readonly isVerified: boolean;
  readonly checksHostname: boolean;
}

/** Of drivers and libpq; those that mean nothing here are let pass, a misspelled one is not. */
const KNOWN_OPTIONS = new Set(
  [
    "host port user password database dbname ssl sslmode sslrootcert sslcert sslkey target_session_attrs application_name",
    "search_path statement_cache_size prepared_statement_cache_size default_transaction_isolation timeout command_timeout",
    "connect_timeout channel_binding gssencmode keepalives keepalives_idle keepalives_interval keepalives_count",
    "tcp_user_timeout max_cached_statement_lifetime max_cacheable_statement_size prepared_statement_name_func",
    "client_encoding fallback_application_name sslcompression sslcrl sslsni krbsrvname async_fallback",
  ].flatMap((names) => names.split(" ")),
);

/** @throws DatabaseUrlInvalid, whose text never holds the URL */
export function postgresConfig(parts: DatabaseUrlParts, settings: Settings): PostgresConfig {
  const { timeout, connection_timeout, sqlalchemy } = settings.server.database;
  const { connect_args, pool_size, pool_recycle, max_overflow } = sqlalchemy;
  const { options } = parts;
  for (const name of options.keys())
    if (!KNOWN_OPTIONS.has(name)) throw DatabaseUrlInvalid(`It has an unknown option '${name}'.`);
  const sizes = [connect_args.statement_cache_size, connect_args.prepared_statement_cache_size];
  const fromUrl = options.get("prepared_statement_cache_size") ?? options.get("statement_cache_size");
  return {
    kind: "postgres",
    url: canonicalUrl(parts),
    applicationName: connect_args.application_name ?? options.get("application_name") ?? undefined,
    searchPath: connect_args.search_path ?? options.get("search_path") ?? undefined,
    maxConnections: Math.max(1, pool_size + Math.max(0, max_overflow)),
    statementTimeoutMs: milliseconds(timeout ?? 0),
    connectionTimeoutMs: milliseconds(connection_timeout ?? 60),
    connectionLifetimeSeconds: Math.max(0, pool_recycle),
    usesPreparedStatements: !sizes.includes(0) && fromUrl !== "0",
    role: oneOf("target_session_attrs", ROLES, options.get("target_session_attrs") ?? "any"),
    tls: tlsConfig(settings, options),
  };
}

function canonicalUrl({ user, password, place, database, options }: DatabaseUrlParts): string {
  const given = {
    user: options.get("user") ?? user,
    password: options.get("password") ?? password,
    database: options.get("database") ?? options.get("dbname") ?? database,
  };
  const secret = given.password === undefined ? "" : `:${encodeURIComponent(given.password)}`;
  const credentials = given.user || secret ? `${encodeURIComponent(given.user ?? "")}${secret}@` : "";
  const name = given.database ? `/${encodeURIComponent(given.database)}` : "";
  return `postgresql://${credentials}${hostsOf(place, options).map(hostText).join(",")}${name}`;
}

interface Host {
  readonly host: string;
  readonly port: string;
}

function hostText({ host, port }: Host): string {
  const shown = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
  return port === "" ? shown : `${shown}:${port}`;
}

/** Hosts in the options stand for those in front of the path; ports are beside them or listed one for each. */
function hostsOf(place: string, options: URLSearchParams): readonly Host[] {
  const ports = options.getAll("port").flatMap((list) => list.split(","));
  const listed = options.getAll("host").flatMap((list) => list.split(","));
  const named = (listed.length > 0 ? listed : place === "" ? [] : place.split(",")).map(hostOf);
  if (ports.length > 1 && ports.length !== named.length) {
    throw DatabaseUrlInvalid(
      `It has ${named.length} hosts and ${ports.length} ports: give one port, or one for each host.`,
    );
  }
  const hosts = named.length === 0 && ports.length === 1 ? [{ host: "localhost", port: "" }] : named;
  return hosts.map(({ host, port }, index) => ({ host, port: validPort(ports[index] ?? ports[0] ?? port) }));
}

/** `host`, `host:port`, `[::1]:port`, or the directory of a socket. */
function hostOf(text: string): Host {
  const decoded = /^%2f/i.test(text) ? decodeURIComponent(text) : text;
  const [, directory, directoryPort = ""] = /^(\/.*?)(?::(\d+))?$/s.exec(decoded) ?? [];
  if (directory !== undefined) return { host: directory, port: directoryPort };
  const [, six, sixPort = ""] = /^\[([^\]]*)\](?::(.*))?$/.exec(decoded) ?? [];
  if (six !== undefined) return { host: six, port: sixPort };
  if (decoded.split(":").length > 2) return { host: decoded, port: "" };
  const [host = "", port = ""] = decoded.split(":");
  return { host, port };
}

function validPort(port: string): string {
  const isPort = port === "" || (/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536);
  if (!isPort) throw DatabaseUrlInvalid(`Its port '${port}' is not a number from 1 to 65535.`);
  return port;
}

const TLS_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** Without a word about it TLS is used where the server offers it, as every PostgreSQL client does. */
function tlsConfig(settings: Settings, options: URLSearchParams): PostgresTls | undefined {
  const { tls } = settings.server.database.sqlalchemy.connect_args;
  const files = {
    caFile: tls.ca_file ?? options.get("sslrootcert") ?? undefined,
    certFile: tls.cert_file ?? options.get("sslcert") ?? undefined,
    keyFile: tls.key_file ?? options.get("sslkey") ?? undefined,
  };
  if (tls.enabled) return { mode: "require", ...files, isVerified: true, checksHostname: tls.check_hostname };
  const asked = options.get("ssl") ?? options.get("sslmode") ?? "prefer";
  const word = { true: "require", false: "disable" }[asked.toLowerCase()] ?? asked;
  const mode = oneOf(options.has("ssl") ? "ssl" : "sslmode", TLS_MODES, word.replaceAll("_", "-"));
  if (mode === "disable") return undefined;
  if (mode === "allow" || mode === "prefer") return { mode, ...files, isVerified: false, checksHostname: false };
  const isVerified = mode !== "require" || files.caFile !== undefined;
  return { mode: "require", ...files, isVerified, checksHostname: mode === "verify-full" };
}

function oneOf<const T extends string>(name: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw DatabaseUrlInvalid(`Its option ${name}=${value} is none of ${allowed.join(", ")}.`);
  return found;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
