import type { IncomingHttpHeaders } from "node:http";
import { isUuid } from "../kit/ids.ts";
import type { CreatedBy } from "../schemas/attribution.ts";

/** Who makes something: the automation that the request's headers name, its name in base64; null for anyone else. */
export function creatorOf(headers: IncomingHttpHeaders): CreatedBy | null {
  const [id, name] = [headers["prefect-automation-id"], headers["prefect-automation-name"]];
  if (typeof id !== "string" || !isUuid(id) || typeof name !== "string") return null;
  const display_value = Buffer.from(name, "base64").toString("utf8").replaceAll("\0", "");
  return display_value === "" ? null : { id: id.toLowerCase(), type: "AUTOMATION", display_value };
}
