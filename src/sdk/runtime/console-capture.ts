import { format } from "node:util";
import { emitLog, type LevelName } from "./log.ts";
import { currentScope } from "./scope.ts";

type Method = "log" | "info" | "debug" | "warn" | "error";

const LEVEL_OF: Readonly<Record<Method, LevelName>> = {
  log: "INFO",
  info: "INFO",
  debug: "INFO",
  warn: "WARNING",
  error: "ERROR",
};

// How many runs want their prints logged; the console is the original again when none does.
let users = 0;
let restore: (() => void) | undefined;

/** Turns what runs with `logPrints` print into logs, until disposed. Other code prints as ever. */
export function captureConsole(): Disposable {
  users += 1;
  restore ??= patch(globalThis.console);
  return {
    [Symbol.dispose]: () => {
      users -= 1;
      if (users > 0) return;
      restore?.();
      restore = undefined;
    },
  };
}

function patch(target: Console): () => void {
  const originals = (Object.keys(LEVEL_OF) as Method[]).map((method) => [method, target[method]] as const);
  for (const [method, original] of originals) {
    target[method] = (...args: unknown[]) => {
      const scope = currentScope();
      if (scope.logPrints) emitLog(scope, LEVEL_OF[method], format(...args));
      else original.apply(target, args);
    };
  }
  return () => {
    for (const [method, original] of originals) target[method] = original;
  };
}
