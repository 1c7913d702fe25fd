import { inspect } from "node:util";
import type { Logger } from "../../kit/logger.ts";

/** Says what goes wrong with the connection to the API, where no run's log could. */
export const stderrLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => write("WARNING", message, fields),
  error: (fields, message) => write("ERROR", message, fields),
  child: () => stderrLogger,
};

function write(level: string, message: string, fields: object): void {
  const details = inspect(fields, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
  process.stderr.write(`prefect | ${level} | ${message} ${details}\n`);
}
