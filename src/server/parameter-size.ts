import { checkParameterSize } from "../schemas/parameter-size.ts";
import type { ServerContext } from "./context.ts";
import { InvalidRequest } from "./errors.ts";

interface Request {
  readonly body: { readonly parameters?: Readonly<Record<string, unknown>> | null | undefined };
  readonly sent: unknown;
  /** Where in the body the parameters' owner is. @default [] */
  readonly place?: readonly (string | number)[];
}

/** Refuses a body whose `parameters` are larger than the settings allow. @throws InvalidRequest */
export function refuseLargeParameters(ctx: Pick<ServerContext, "settings">, request: Request): void {
  const { body, sent, place = [] } = request;
  if (!body.parameters) return;
  const problem = checkParameterSize(body.parameters, ctx.settings.server.api.max_parameter_size);
  if (problem === undefined) return;
  const issue = {
    type: "value_error",
    loc: ["body", ...place, "parameters"],
    msg: `Value error, ${problem}`,
    input: body.parameters,
    ctx: { error: {} },
  };
  throw InvalidRequest([issue], sent);
}
