/** A uuid in a path: hyphens and case do not matter. */
export const UUID_PATTERN = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}";

/** The source of a regular expression for the paths of a route, such as `/flows/{id:uuid}` or `/variables/name/{name}`. */
export function pathPattern(path: string): string {
  const literal = path.replaceAll(/[.+*?^$()[\]\\|]/g, "\\$&");
  return literal.replaceAll(/\{\w+(:uuid)?\}/g, (_all, uuid) => (uuid ? UUID_PATTERN : "[^/]+"));
}
