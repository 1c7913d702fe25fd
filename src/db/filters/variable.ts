import { id, tags, word } from "./criteria.ts";
import { column, defineFilter } from "./filter.ts";

/** VariableFilter as a condition on `variable`. */
export const matchVariable = defineFilter({
  id: id(column("variable.id")),
  name: word(column("variable.name")),
  tags: tags(column("variable.tags")),
});
