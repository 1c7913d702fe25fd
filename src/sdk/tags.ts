import { currentScope, enterScope, runInScope, type TagLayer } from "./runtime/scope.ts";

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
  if (Array.isArray(names)) return runInScope(withLayer({ names, isActive: true }), fn as () => unknown);
  const before = currentScope();
  const layer = { names: given as readonly string[], isActive: true };
  enterScope(withLayer(layer));
  return {
    [Symbol.dispose]: () => {
      layer.isActive = false;
      enterScope(before);
    },
  };
}

function withLayer(layer: TagLayer) {
  const scope = currentScope();
  return { ...scope, tagLayers: [...scope.tagLayers, layer] };
}
