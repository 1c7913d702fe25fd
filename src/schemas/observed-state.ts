import * as s from "../kit/schema/schema.ts";

export const ObservedStateSort = s.oneOf(["NAME_ASC", "LAST_SEEN_DESC"], "ObservedStateSort");
export type ObservedStateSort = s.Infer<typeof ObservedStateSort>;

export const ObservedState = s.object("ObservedState", {
  state_type: s.string(),
  state_name: s.string(),
  first_seen: s.dateTime(),
  last_seen: s.dateTime(),
});
export type ObservedState = s.Infer<typeof ObservedState>;
