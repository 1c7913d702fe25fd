/** The pieces of a `PostgresConfig`'s URL. There is always a host, whose name may be left to the driver. */
export interface PostgresUrlParts {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly hosts: readonly { readonly host: string | undefined; readonly port: number | undefined }[];
}

const URL_PATTERN = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^@/?]*)(?:\/([^?]*))?(?:\?.*)?$/;
const HOST_PATTERN = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/;

/** Every part is escaped; the error does not show the URL. */
export function parsePostgresUrl(url: string): PostgresUrlParts {
  const found = URL_PATTERN.exec(url);
  if (!found) throw new TypeError("A PostgreSQL URL is of the form postgresql://user:password@host:port/name.");
  const [, user, password, places = "", database] = found;
  return {
    user: decoded(user),
    password: decoded(password),
    database: decoded(database),
    hosts: places.split(",").map((text) => {
      const [, six, name, port] = HOST_PATTERN.exec(text) ?? [];
      return { host: decoded(six ?? name), port: port === undefined ? undefined : Number(port) };
    }),
  };
}

function decoded(text: string | undefined): string | undefined {
  return text ? decodeURIComponent(text) : undefined;
}
