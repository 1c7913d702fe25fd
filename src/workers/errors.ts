import { defineError } from "../kit/errors.ts";

export const DefaultTemplateNotFound = defineError(
  "DEFAULT_TEMPLATE_NOT_FOUND",
  404,
  (type: string) =>
    `The API has no base job template for pools of the type '${type}'. Give one with --base-job-template.`,
);
