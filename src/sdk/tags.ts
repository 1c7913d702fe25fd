import { currentScope, enterScope, runInScope } from "./runtime/scope.ts";

/**
 * Adds tags to the runs started while it lasts: those in `fn`, or in the rest of the block it is declared in.
 *
 * @example
 * using _ = tags("nightly");
 * await tags(["nightly"], () => report());
 */
export function tags(...names: readonly string[]): Disposable;
export function tags<Result>(names: readonly string[], fn: () => Result): Result;
export function tags(...given: readonly unknown[]): unknown {
  const [names, fn] = given;
  if (Array.isArray(names)) return runInScope(withTags(names), fn as () => unknown);
  const before = currentScope();
  enterScope(withTags(given as readonly string[]));
  return { [Symbol.dispose]: () => enterScope(before) };
}

function withTags(names: readonly string[]) {
  const scope = currentScope();
  return { ...scope, tags: [...new Set([...scope.tags, ...names])] };
}
