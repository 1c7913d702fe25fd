/** The pieces of a database URL, decoded. Absent ones are undefined. */
export interface DatabaseUrlParts {
  /** `postgresql` of `postgresql+asyncpg://`. */
  readonly kind: string;
  readonly driver: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Everything between the credentials and the path: `host:port`, several of them separated by commas. */
  readonly place: string;
  /** What follows the third slash. */
  readonly database: string | undefined;
  readonly options: URLSearchParams;
}

const CREDENTIALS = /(?:(?<user>[^:/?@]*)(?::(?<password>.*?))?@)?/;
const PLACE = /(?<place>(?:\[[^\]/?@]*\]|[^/?@[\]])*)/;
const URL_PATTERN = new RegExp(
  `^(?<kind>[a-z0-9_]+)(?:\\+(?<driver>[a-z0-9_]+))?://${CREDENTIALS.source}${PLACE.source}(?:/(?<database>[^?]*))?(?:\\?(?<options>.*))?$`,
  "s",
);

/**
 * Takes a database URL apart as SQLAlchemy does, which is kinder than a browser: a password may hold `:`, `/`, `?`, `#`
 * and `%` as they are, and here `@` as well. Undefined for what is no such URL.
 */
export function parseDatabaseUrl(url: string): DatabaseUrlParts | undefined {
  const found = URL_PATTERN.exec(url)?.groups;
  if (!found) return undefined;
  return {
    kind: found.kind ?? "",
    driver: found.driver,
    user: found.user === undefined ? undefined : decode(found.user),
    password: found.password === undefined ? undefined : decode(found.password),
    place: found.place ?? "",
    database: found.database === undefined ? undefined : decode(found.database),
    options: new URLSearchParams(found.options ?? ""),
  };
}

/** What is no escape stays as it is. */
function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}
