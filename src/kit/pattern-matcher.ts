import { type Context, createContext, Script } from "node:vm";

/** Thrown when patterns have taken all the time they were given. */
export class PatternTooSlow extends Error {}

/** Whether a regular expression of somebody else's finds something in a text. A pattern that is none finds everything. */
export type PatternMatcher = (pattern: string, text: string) => boolean;

const DEFAULT_BUDGET_MS = 500;
const FEW_STEPS = 1_000_000;

/**
 * A pattern may take longer than the world exists ("catastrophic backtracking"), and nothing else runs meanwhile. All
 * patterns of one matcher together get `budgetMs`; after that it throws PatternTooSlow.
 */
export function createPatternMatcher(budgetMs = DEFAULT_BUDGET_MS): PatternMatcher {
  let leftMs = budgetMs;
  let find: ((given: Search, timeoutMs: number) => boolean) | undefined;
  return (pattern, text) => {
    if (isHarmless(pattern, text)) return finds(pattern, text);
    if (leftMs < 1) throw new PatternTooSlow();
    const startMs = performance.now();
    try {
      find ??= createTimedSearch();
      return find({ pattern, text }, Math.ceil(leftMs));
    } finally {
      leftMs -= performance.now() - startMs;
    }
  };
}

interface Search {
  readonly pattern: string;
  readonly text: string;
}

/** With `n` things to repeat, none of them within another, there are at most `length ** n` ways to try. */
function isHarmless(pattern: string, text: string): boolean {
  const repeats = (pattern.match(/[*+?{]/g) ?? []).length;
  return (repeats <= 1 || !pattern.includes("(")) && (text.length + 1) ** (repeats + 1) <= FEW_STEPS;
}

function finds(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

/** Another context is the only place where the engine stops a regular expression when its time is up. */
function createTimedSearch() {
  const script = new Script("new RegExp(pattern, 'u').test(text)");
  const context: Context & Partial<Search> = createContext(Object.create(null));
  return (search: Search, timeoutMs: number): boolean => {
    try {
      Object.assign(context, search);
      return script.runInContext(context, { timeout: timeoutMs }) === true;
    } catch (error) {
      if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new PatternTooSlow();
      return true;
    }
  };
}
