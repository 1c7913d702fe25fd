import { describeProblems } from "../../domain/parameters/describe-problems.ts";
import * as s from "../../kit/schema/schema.ts";
import { SchemaValuesValidationResponse } from "../../schemas/schema-values.ts";
import { parts } from "../body-parts.ts";
import { CircularSchema, InvalidSchema } from "../errors.ts";
import { hydrateForReport } from "../orchestration/run-parameters.ts";
import { type Route, route } from "../route.ts";

/** What the browser asks about the values of a form. */
export const uiSchemaRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/ui/schemas/validate",
    operationId: "validate_obj_ui_schemas_validate_post",
    tag: "Schemas",
    summary: "Check values against a JSON Schema.",
    body: parts("Body_validate_obj_ui_schemas_validate_post", {
      schema: s.record(s.json()),
      values: s.record(s.json()),
    }),
    response: SchemaValuesValidationResponse,
    async handle(ctx, { body }) {
      const report = describeProblems(await hydrateForReport(ctx.db.read, body.values), body.schema);
      if (report.kind === "circular") throw CircularSchema();
      if (report.kind === "invalid-schema") throw InvalidSchema(report.reason);
      return { errors: report.errors, valid: report.errors.length === 0 };
    },
  }),
];
