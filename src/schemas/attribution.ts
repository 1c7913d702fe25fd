import * as s from "../kit/schema/schema.ts";
import { orNull } from "./common.ts";

export const CreatedBy = s.object("CreatedBy", {
  id: orNull(s.uuid()),
  type: orNull(s.string()),
  display_value: orNull(s.string()),
});
export type CreatedBy = s.Infer<typeof CreatedBy>;

export const UpdatedBy = s.object("UpdatedBy", {
  id: orNull(s.uuid()),
  type: orNull(s.string()),
  display_value: orNull(s.string()),
});
export type UpdatedBy = s.Infer<typeof UpdatedBy>;
