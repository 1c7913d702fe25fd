import { ApiNotFound } from "../client/index.ts";
import { CommandFailed } from "./exit.ts";

/** The result of `request`; a 404 becomes a CommandFailed with the given sentence. */
export async function orNotFound<Result>(request: Promise<Result>, sentence: string): Promise<Result> {
  try {
    return await request;
  } catch (error) {
    if (ApiNotFound.is(error)) throw CommandFailed(sentence);
    throw error;
  }
}
