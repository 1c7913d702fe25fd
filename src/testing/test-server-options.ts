import type { Clock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";

export type DatabaseKind = "sqlite" | "postgresql";

export interface TestServerOptions {
  /** @default "sqlite" */
  readonly database?: DatabaseKind;
  /** A PostgreSQL server's maintenance database; needed for `postgresql`. */
  readonly postgresUrl?: string | undefined;
  /** Settings as environment variables, such as `{ PREFECT_SERVER_API_AUTH_STRING: "admin:pass" }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Background services run only where a test is about them. @default false */
  readonly services?: boolean;
  readonly clock?: Clock;
  readonly log?: Logger;
}
