import { aliased, type SettingsGroup, setting } from "../setting.ts";
import { flag, integer, moreThan, number, oneOf, optional, secret, text } from "../value-types.ts";

/** The database of the server. */
export const serverDatabaseSettings = {
  sqlalchemy: {
    connect_args: {
      application_name: setting(optional(text), null, "`application_name` of PostgreSQL connections."),
      search_path: setting(optional(text), null, "Schemas PostgreSQL connections look in; keep `public` among them."),
      statement_cache_size: setting(
        optional(integer),
        null,
        "Prepared statements kept per connection; 0 behind PgBouncer in transaction mode.",
      ),
      prepared_statement_cache_size: setting(
        optional(integer),
        null,
        "The same for the second cache of the Python driver; 0 switches prepared statements off.",
      ),
      tls: {
        enabled: setting(flag, false, "Connect to PostgreSQL over TLS."),
        ca_file: setting(optional(text), null, "Certificate authority of the PostgreSQL server."),
        cert_file: setting(optional(text), null, "Certificate of this client."),
        key_file: setting(optional(text), null, "Key of this client."),
        check_hostname: setting(flag, true, "Check that the certificate carries the name of the server."),
      },
    },
    pool_size: aliased("PREFECT_SQLALCHEMY_POOL_SIZE", setting(integer, 5, "Connections kept open.")),
    pool_recycle: setting(integer, 3600, "Seconds after which a connection is replaced; -1 never."),
    pool_timeout: setting(optional(number), 30, "Seconds to wait for a free connection."),
    max_overflow: aliased("PREFECT_SQLALCHEMY_MAX_OVERFLOW", setting(integer, 10, "Further connections under load.")),
  },
  connection_url: aliased(
    "PREFECT_API_DATABASE_CONNECTION_URL",
    setting(optional(secret), null, "Whole database URL; unset means SQLite in `$PREFECT_HOME/prefect.db`."),
  ),
  driver: aliased(
    "PREFECT_API_DATABASE_DRIVER",
    setting(
      optional(oneOf("postgresql+asyncpg", "sqlite+aiosqlite")),
      null,
      "Kind of database when the URL is given in parts.",
    ),
  ),
  host: aliased(
    "PREFECT_API_DATABASE_HOST",
    setting(optional(text), null, "Host of the database when the URL is given in parts."),
  ),
  port: aliased(
    "PREFECT_API_DATABASE_PORT",
    setting(optional(integer), null, "Port of the database when the URL is given in parts."),
  ),
  user: aliased(
    "PREFECT_API_DATABASE_USER",
    setting(optional(text), null, "User of the database when the URL is given in parts."),
  ),
  name: aliased(
    "PREFECT_API_DATABASE_NAME",
    setting(optional(text), null, "Name of the database, or path of the SQLite file."),
  ),
  password: aliased(
    "PREFECT_API_DATABASE_PASSWORD",
    setting(
      optional(secret),
      null,
      "Password of the database; a URL may refer to it by the name of this variable, in braces after a dollar sign.",
    ),
  ),
  echo: aliased("PREFECT_API_DATABASE_ECHO", setting(flag, false, "Log every SQL statement.")),
  migrate_on_start: aliased(
    "PREFECT_API_DATABASE_MIGRATE_ON_START",
    setting(flag, true, "Bring the database to the newest revision at start."),
  ),
  timeout: aliased("PREFECT_API_DATABASE_TIMEOUT", setting(optional(number), 10, "Seconds one statement may take.")),
  connection_timeout: aliased(
    "PREFECT_API_DATABASE_CONNECTION_TIMEOUT",
    setting(optional(number), 5, "Seconds connecting may take."),
  ),
  migration_timeout: setting(
    optional(moreThan(0, number)),
    null,
    "Seconds one statement of a migration may take; unset means no bound.",
  ),
} as const satisfies SettingsGroup;
