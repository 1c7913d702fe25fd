import type { IncomingHttpHeaders } from "node:http";
import type { Infer, Schema } from "../kit/schema/schema.ts";
import type { ServerContext } from "./context.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type AnySchema = Schema<unknown>;
type Value<S, Absent = undefined> = S extends AnySchema ? Infer<S> : Absent;

/** What a handler is given: everything parsed and checked. */
export interface RouteRequest<Body, Query, Params = unknown> {
  /** Path parameters; ids are lower-case hyphenated uuids. */
  readonly params: Readonly<Record<string, string>> & { readonly id: string } & Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as it came, which the report of an error shows. */
  readonly sent: unknown;
  readonly headers: IncomingHttpHeaders;
  /** `http://host:port` as the client sees it, for links. */
  readonly origin: string;
}

/** An answer that is not the route's usual one: another status, headers, or a body that is not JSON. */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type MaybeSchema = AnySchema | undefined;

interface RouteShape<B extends MaybeSchema, Q extends MaybeSchema, P extends MaybeSchema> {
  readonly method: Method;
  /** Relative to the API mount. `{id:uuid}` takes only uuids (anything else is a plain 404), `{name}` any segment. */
  readonly path: string;
  /** An object of those path parameters that are more than a uuid or any text. */
  readonly params?: P;
  /** The name that generated clients use; equal to the reference's. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** The whole body, or an object of named parts whose unknown keys are ignored (see `parts`). */
  readonly body?: B;
  /** True for a whole body that may be left out: `body` is then given null. @default false */
  readonly hasOptionalBody?: boolean;
  /** The body is taken as it comes: `sent` is its bytes, undefined when there are none. @default false */
  readonly takesBytes?: boolean;
  readonly query?: Q;
  /** Status of a plain return. @default 200 */
  readonly status?: number;
  /** Schema of a plain return, for the OpenAPI document; responses are not checked at run time. */
  readonly response?: AnySchema;
  /** Documented as an answer without content, though it is no 204. */
  readonly hasNoContent?: boolean;
  /** Headers that matter to the operation, for the OpenAPI document; the handler reads them itself. */
  readonly headers?: Readonly<Record<string, AnySchema>>;
  /** Marked in the OpenAPI document as not to be used by new clients. */
  readonly deprecated?: boolean;
  /** Left out of the OpenAPI document, as the reference leaves out its `/ui` operations. */
  readonly hidden?: boolean;
  handle(ctx: ServerContext, request: RouteRequest<Value<B>, Value<Q>, Value<P, unknown>>): Promise<unknown>;
}

export type Route = RouteShape<MaybeSchema, MaybeSchema, MaybeSchema>;

/** Types a handler from its schemas. A handler that returns `undefined` answers with the status and no body. */
export function route<
  B extends MaybeSchema = undefined,
  Q extends MaybeSchema = undefined,
  P extends MaybeSchema = undefined,
>(shape: RouteShape<B, Q, P>): Route {
  return shape as unknown as Route;
}
