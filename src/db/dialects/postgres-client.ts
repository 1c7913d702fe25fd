import pg from "pg";

/** What a client of ours needs to know when it connects, asked anew for each connection. */
export interface ClientPlace {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly ssl: unknown;
}

/** What is sent at the start of a connection, besides user and database. */
type Startup = Readonly<Record<string, string>>;

interface Startable {
  getStartupConf(): Startup;
}

/**
 * A client class whose connections go to where `place` points at that moment, and begin with `startup`. These travel as
 * parameters of their own: PgBouncer does not read `options`.
 */
export function clientClass(place: () => ClientPlace, startup: Startup): typeof pg.Client {
  return class extends pg.Client {
    constructor(config: pg.ClientConfig) {
      const { host, port, ssl } = place();
      super({
        ...config,
        // The pool hides it from those who enumerate its options.
        ...(config.password === undefined ? {} : { password: config.password }),
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
        ssl: ssl as pg.ClientConfig["ssl"],
      } as pg.ClientConfig);
    }

    getStartupConf(): Startup {
      return { ...(pg.Client.prototype as unknown as Startable).getStartupConf.call(this), ...startup };
    }
  };
}
