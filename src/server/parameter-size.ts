import { checkParameterSize } from "../schemas/parameter-size.ts";
import type { ServerContext } from "./context.ts";
import { InvalidRequest } from "./errors.ts";

/** Refuses a body whose `parameters` are larger than the settings allow. @throws InvalidRequest */
export function refuseLargeParameters(
  ctx: Pick<ServerContext, "settings">,
  request: {
    readonly body: { readonly parameters?: Readonly<Record<string, unknown>> | undefined };
    readonly sent: unknown;
  },
): void {
  const { body, sent } = request;
  if (body.parameters === undefined) return;
  const problem = checkParameterSize(body.parameters, ctx.settings.server.api.max_parameter_size);
  if (problem === undefined) return;
  const issue = {
    type: "value_error",
    loc: ["body", "parameters"],
    msg: `Value error, ${problem}`,
    input: body.parameters,
    ctx: { error: {} },
  };
  throw InvalidRequest([issue], sent);
}
