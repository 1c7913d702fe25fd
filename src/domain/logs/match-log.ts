import { compareTimestamps, type Timestamp } from "../../kit/timestamp.ts";
import type { LogFilter } from "../../schemas/filters/log-filter.ts";
import { parseTextSearch } from "../text-search.ts";

/** A log as far as filters look at it. */
export interface FilteredLog {
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly timestamp: Timestamp;
  readonly flow_run_id: string | null;
  readonly task_run_id: string | null;
}

/** Whether a filter lets a log through: the same as the database's answer, for one log in hand. */
export function matchesLog(filter: LogFilter, log: FilteredLog): boolean {
  const { level, timestamp, flow_run_id, task_run_id, text } = filter;
  const answers = [
    all([
      isSet(level?.ge_) ? log.level >= level.ge_ : undefined,
      isSet(level?.le_) ? log.level <= level.le_ : undefined,
    ]),
    all([
      isSet(timestamp?.before_) ? compareTimestamps(log.timestamp, timestamp.before_) <= 0 : undefined,
      isSet(timestamp?.after_) ? compareTimestamps(log.timestamp, timestamp.after_) >= 0 : undefined,
    ]),
    isSet(flow_run_id?.any_) ? includes(flow_run_id.any_, log.flow_run_id) : undefined,
    all([
      isSet(task_run_id?.any_) ? includes(task_run_id.any_, log.task_run_id) : undefined,
      isSet(task_run_id?.is_null_) ? (log.task_run_id === null) === task_run_id.is_null_ : undefined,
    ]),
    text ? matchesText(`${log.message} ${log.name}`, text.query) : undefined,
  ].filter((answer) => answer !== undefined);
  if (answers.length === 0) return true;
  return filter.operator === "or_" ? answers.includes(true) : !answers.includes(false);
}

/** Undefined when nothing is asked. */
function all(answers: readonly (boolean | undefined)[]): boolean | undefined {
  const given = answers.filter((answer) => answer !== undefined);
  return given.length === 0 ? undefined : !given.includes(false);
}

function isSet<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

function includes(ids: readonly string[], id: string | null): boolean {
  return id !== null && ids.includes(id);
}

function matchesText(searched: string, query: string): boolean | undefined {
  const { include, required, exclude } = parseTextSearch(query);
  if (include.length + required.length + exclude.length === 0) return undefined;
  const text = searched.toLowerCase();
  const has = (term: string) => text.includes(term.toLowerCase());
  return (include.length === 0 || include.some(has)) && required.every(has) && !exclude.some(has);
}
