import { defineError } from "../../kit/errors.ts";

export const BlockPlaceholderInvalid = defineError(
  "BLOCK_PLACEHOLDER_INVALID",
  422,
  (placeholder: string) =>
    `${placeholder} names no block. Write {{ prefect.blocks.<block type>.<block name> }}, with .<key> for one of its values.`,
);

export const BlockKeyUnknown = defineError(
  "BLOCK_KEY_UNKNOWN",
  422,
  (template: string, path: string) => `The block in ${template} has nothing at '${path}'.`,
);

export const BlockValueNotInline = defineError(
  "BLOCK_VALUE_NOT_INLINE",
  422,
  (placeholder: string) =>
    `${placeholder} stands for an object or a list, which cannot be put into a text. Name one of its values, or let the placeholder be all of the text.`,
);
