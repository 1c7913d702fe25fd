import { log } from "../runtime/log.ts";
import type { State } from "../state.ts";
import { describeError } from "./failures.ts";

export interface Hook {
  readonly name: string;
  readonly call: () => unknown;
}

/** Runs the hooks one after the other; what they throw is logged, never raised. */
export async function runHooks(hooks: readonly Hook[], state: State): Promise<void> {
  for (const hook of hooks) {
    log.info(`Running hook '${hook.name}' in response to entering state '${state.name}'`);
    try {
      await hook.call();
      log.info(`Hook '${hook.name}' finished running successfully`);
    } catch (error) {
      log.error(`An error was encountered while running hook '${hook.name}': ${describeError(error)}`);
    }
  }
}
