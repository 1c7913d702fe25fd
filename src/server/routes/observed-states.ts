import { listObservedStates } from "../../db/repositories/observed-states.ts";
import * as s from "../../kit/schema/schema.ts";
import { ObservedState, ObservedStateSort } from "../../schemas/observed-state.ts";
import { type Route, route } from "../route.ts";

const MAX_STATES = 200;
const MAX_PREFIX_LENGTH = 100;

export const observedStateRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/observed-states",
    operationId: "read_observed_states_observed_states_get",
    tag: "Observed States",
    summary: "List the types and names of states that runs have had.",
    query: s.object("ObservedStatesQuery", {
      query: s.optional(s.nullable(s.string({ maxLength: MAX_PREFIX_LENGTH }))),
      order_by: s.defaulted(ObservedStateSort, "LAST_SEEN_DESC"),
      limit: s.defaulted(s.integer({ ge: 1, le: MAX_STATES }), MAX_STATES),
    }),
    response: s.array(ObservedState),
    async handle(ctx, { query }) {
      const prefix = (query.query ?? "").trim().toLowerCase();
      const states = await listObservedStates(ctx.db.read, query.order_by);
      const begins = (text: string) => text.toLowerCase().startsWith(prefix);
      return states.filter((each) => begins(each.state_type) || begins(each.state_name)).slice(0, query.limit);
    },
  }),
];
