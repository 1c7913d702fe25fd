import { format, inspect } from "node:util";
import { clock } from "../now.ts";
import { currentScope, type Scope } from "./scope.ts";

/** The logger of the present run. What it says goes to stderr and, with the run's id, to the API. */
export interface RunLogger {
  debug(...args: readonly unknown[]): void;
  info(...args: readonly unknown[]): void;
  warn(...args: readonly unknown[]): void;
  error(...args: readonly unknown[]): void;
}

const LEVELS = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40 } as const;
const LEVEL_NUMBERS: Readonly<Record<string, number>> = { ...LEVELS, CRITICAL: 50 };

export type LevelName = keyof typeof LEVELS;

/** Logs from inside a run: `log.info("fetched", url)`, `log.info({ pages: 3 }, "fetched")`. Outside a run: stderr only. */
export const log: RunLogger = {
  debug: (...args) => writeLog("DEBUG", args),
  info: (...args) => writeLog("INFO", args),
  warn: (...args) => writeLog("WARNING", args),
  error: (...args) => writeLog("ERROR", args),
};

function writeLog(level: LevelName, args: readonly unknown[]): void {
  emitLog(currentScope(), level, toMessage(args));
}

/** One record on stderr and, when the scope is that of a run, for the API. */
export function emitLog(scope: Scope, level: LevelName, message: string): void {
  if (printLog(scope, level, message)) ship(scope, level, message);
}

/** One record on stderr only; false when its level is not shown. */
export function printLog(scope: Scope, level: LevelName, message: string): boolean {
  const threshold = LEVEL_NUMBERS[scope.session?.settings.logging.level ?? "INFO"] ?? LEVELS.INFO;
  if (LEVELS[level] < threshold) return false;
  process.stderr.write(`${consoleLine(scope, level, message)}\n`);
  return true;
}

function ship({ session, flowRun, taskRun }: Scope, level: LevelName, message: string): void {
  if (!session?.settings.logging.to_api.enabled || !(flowRun || taskRun)) return;
  session.logs.add({
    name: taskRun ? "prefect.task_runs" : "prefect.flow_runs",
    level: LEVELS[level],
    message,
    timestamp: clock.now(),
    flow_run_id: taskRun ? taskRun.run.flow_run_id : (flowRun?.run.id ?? null),
    task_run_id: taskRun?.run.id ?? null,
  });
}

function consoleLine({ flowRun, taskRun }: Scope, level: LevelName, message: string): string {
  const now = new Date(clock.nowMs());
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, "0"));
  const millis = String(now.getMilliseconds()).padStart(3, "0");
  const subject = taskRun ? `Task run '${taskRun.run.name}'` : flowRun ? `Flow run '${flowRun.run.name}'` : "prefect";
  return `${time.join(":")}.${millis} | ${level.padEnd(7)} | ${subject} - ${message}`;
}

/** Arguments as `console.log` would join them; fields given before a message follow it. */
function toMessage(args: readonly unknown[]): string {
  const [fields, message, ...rest] = args;
  if (!isFields(fields) || typeof message !== "string") return format(...args);
  const pairs = Object.entries(fields).map(
    ([key, value]) => `${key}=${inspect(value, { breakLength: Number.POSITIVE_INFINITY })}`,
  );
  return [format(message, ...rest), ...pairs].join(" ");
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Error);
}
