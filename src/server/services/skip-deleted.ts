import { FlowRunToSetNotFound, TaskRunToSetNotFound } from "../errors.ts";

/** A run that was deleted since it was listed is no failure. */
export async function skipDeleted(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!FlowRunToSetNotFound.is(error) && !TaskRunToSetNotFound.is(error)) throw error;
  }
}
