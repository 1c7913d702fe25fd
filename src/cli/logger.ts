import type { Logger } from "../kit/logger.ts";

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 } as const;
const THRESHOLDS = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const;
const NAMES = { debug: "DEBUG", info: "INFO", warn: "WARNING", error: "ERROR" } as const;

type Level = keyof typeof LEVELS;

/** A logger that writes to standard error: lines for people on a terminal, JSON elsewhere. */
export async function openLogger(name: string, level: keyof typeof THRESHOLDS): Promise<Logger> {
  const write = process.stderr.isTTY ? writeLine : await jsonWriter();
  const make = (bound: object): Logger => {
    const at = (each: Level) => (fields: object, message: string) => {
      if (LEVELS[each] >= THRESHOLDS[level]) write(each, { name, ...bound, ...fields }, message);
    };
    const child = (fields: object) => make({ ...bound, ...fields });
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), child };
  };
  return make({});
}

type Write = (level: Level, fields: { readonly name: string }, message: string) => void;

function writeLine(level: Level, { name, ...fields }: { readonly name: string }, message: string): void {
  const time = new Date().toTimeString().slice(0, 8);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${valueText(value)}`);
  process.stderr.write(`${time} | ${NAMES[level].padEnd(7)} | ${name} - ${message}${rest.join("")}\n`);
}

function valueText(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function jsonWriter(): Promise<Write> {
  const { default: pino } = await import("pino");
  // The level is decided above; standard error is written at once, so nothing is lost when the process ends.
  const log = pino({ level: "debug", base: null }, pino.destination({ dest: 2, sync: true }));
  return (level, fields, message) => log[level](fields, message);
}
