import { id, tags, time, word } from "./criteria.ts";
import { column, defineFilter } from "./filter.ts";

/** AutomationFilter as a condition on `automation`. */
export const matchAutomation = defineFilter({
  id: id(column("automation.id")),
  name: word(column("automation.name")),
  created: time(column("automation.created")),
  tags: tags(column("automation.tags")),
});
