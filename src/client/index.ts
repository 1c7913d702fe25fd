export { type Client, type ClientOptions, clientHeaders, createClient } from "./client.ts";
export {
  ApiConflict,
  type ApiFailure,
  ApiInvalidRequest,
  ApiNotFound,
  ApiRequestFailed,
  ApiUnauthorized,
  ApiUnreachable,
  apiStatus,
} from "./errors.ts";
export type { Http, RequestOptions } from "./http.ts";
