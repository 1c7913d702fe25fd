import * as s from "../../kit/schema/schema.ts";

export const Operator = s.oneOf(["and_", "or_"], "Operator");
export type Operator = s.Infer<typeof Operator>;
