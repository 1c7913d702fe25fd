// Loaded with `node --import`: `import "prefect"` finds the package of this installation from every folder whose own
// node_modules have none. (Node's ES modules know no NODE_PATH.)
import { registerHooks } from "node:module";

const INSIDE = new URL("../../lib/node_modules/prefect/package.json", import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (specifier !== "prefect" && !specifier.startsWith("prefect/")) throw error;
      return nextResolve(specifier, { ...context, parentURL: INSIDE });
    }
  },
});
