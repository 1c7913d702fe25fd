import type { Body } from "../../schemas/templates/nodes.ts";

/** Whether statements mention a variable anywhere. */
export function mentions(body: Body, name: string): boolean {
  return mentionsIn(body, name);
}

function mentionsIn(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((each) => mentionsIn(each, name));
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && node.kind === "name") return "name" in node && node.name === name;
  return Object.values(node).some((each) => mentionsIn(each, name));
}
