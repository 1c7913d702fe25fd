import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isObject } from "../../../domain/parameters/json-types.ts";
import { parseJson } from "../../../kit/json.ts";
import { CommandFailed } from "../../exit.ts";

/** A base job template from a JSON file. Throws CommandFailed. */
export function readTemplate(path: string, cwd: string): object {
  try {
    const template = parseJson(readFileSync(resolve(cwd, path), "utf8"));
    if (isObject(template)) return template;
  } catch (error) {
    throw CommandFailed(`The base job template ${path} cannot be read: ${(error as Error).message}`);
  }
  throw CommandFailed(`The base job template ${path} is no JSON object.`);
}
