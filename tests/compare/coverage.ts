import { routes } from "../../src/server/routes.ts";
import type { Normalised } from "./normalise.ts";

/** How often an operation was asked for something it gives, and for something it refuses. */
interface Asked {
  readonly operation: string;
  readonly takesInput: boolean;
  good: number;
  bad: number;
}

interface Pattern extends Asked {
  readonly method: string;
  readonly matcher: RegExp;
  readonly parameterCount: number;
}

/** Operations that a script cannot ask well or badly, with the reason. */
const EXCUSED: Readonly<Record<string, string>> = {
  "well GET /csrf-token": "Both servers run without CSRF protection here; tests/server/csrf.test.ts asks with it.",
  "badly GET /automations/related-to/{resource_id}": "Any text may be a resource's id.",
  "badly DELETE /automations/owned-by/{resource_id}": "Any text may be a resource's id.",
  "well GET /admin/settings": "It tells each server's own surroundings; tests/settings/reference.test.ts compares it.",
};

/** What the exchanges of all scripts leave out: an operation without a good or without a bad request, one per line. */
export function unaskedOperations(exchanges: readonly Normalised[]): readonly string[] {
  const patterns = routes.filter(({ hidden }) => hidden !== true).map(patternOf);
  for (const { title, status } of exchanges) {
    const asked = matching(patterns, title);
    if (asked === undefined) continue;
    if (status < 400) asked.good += 1;
    else asked.bad += 1;
  }
  const unasked = patterns.flatMap(({ operation, takesInput, good, bad }) => [
    ...(good === 0 ? [`well ${operation}`] : []),
    ...(takesInput && bad === 0 ? [`badly ${operation}`] : []),
  ]);
  const idle = Object.keys(EXCUSED).filter((line) => !unasked.includes(line));
  return [...unasked.filter((line) => EXCUSED[line] === undefined), ...idle.map((line) => `needs no excuse: ${line}`)];
}

function patternOf({ method, path, body, query }: (typeof routes)[number]): Pattern {
  const segments = path.replaceAll(/\{\w+(?::\w+)?\}/g, "[^/]+");
  return {
    operation: `${method} ${path.replaceAll(/:\w+\}/g, "}")}`,
    takesInput: path.includes("{") || body !== undefined || query !== undefined,
    good: 0,
    bad: 0,
    method,
    matcher: new RegExp(`^${segments}$`),
    parameterCount: path.split("{").length,
  };
}

/** `/flows/name/{name}` wins over `/flows/{id}/{other}`. */
function matching(patterns: readonly Pattern[], title: string): Pattern | undefined {
  // Labels such as <id 1> have spaces.
  const [, method, path = ""] = /^(\w+) ([^?]*)/.exec(title) ?? [];
  return patterns
    .filter((pattern) => pattern.method === method && pattern.matcher.test(path))
    .toSorted((a, b) => a.parameterCount - b.parameterCount)[0];
}
