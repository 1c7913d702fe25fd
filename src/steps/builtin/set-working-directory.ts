import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import * as s from "../../kit/schema/schema.ts";
import { step } from "../step.ts";

const Inputs = s.object("SetWorkingDirectoryInputs", { directory: s.string() }, { extra: "forbid" });

/** Lets everything after it run in another folder, which must be there. */
export const setWorkingDirectory = step("set_working_directory", Inputs, async (inputs, context) => {
  const directory = resolve(context.directory, inputs.directory);
  const found = await stat(directory);
  if (!found.isDirectory()) throw new Error(`${directory} is no folder.`);
  return { outputs: { directory }, directory };
});
