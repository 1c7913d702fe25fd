import * as s from "../kit/schema/schema.ts";
import { orNull, storedFields } from "./common.ts";

export const CsrfToken = s.object("CsrfToken", {
  ...storedFields,
  token: s.string(),
  client: s.string(),
  expiration: s.dateTime(),
});
export type CsrfToken = s.Infer<typeof CsrfToken>;

export const ServerDefaultResultStorage = s.object("ServerDefaultResultStorage", {
  default_result_storage_block_id: orNull(s.uuid()),
});
export type ServerDefaultResultStorage = s.Infer<typeof ServerDefaultResultStorage>;

export const ServerDefaultResultStorageUpdate = s.object("ServerDefaultResultStorageUpdate", {
  default_result_storage_block_id: s.uuid(),
});
export type ServerDefaultResultStorageUpdate = s.Infer<typeof ServerDefaultResultStorageUpdate>;
