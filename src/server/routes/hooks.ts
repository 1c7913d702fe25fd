import { type Method, Reply, type Route, route } from "../route.ts";
import { receiveCall } from "../webhooks/receive-call.ts";

const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Where webhooks are called, with any method. Open to anyone: the address is a secret, and it may ask for another. */
export const hookRoutes: readonly Route[] = METHODS.map((method) =>
  route({
    method,
    path: "/hooks/{slug}",
    operationId: `call_webhook_hooks__slug__${method.toLowerCase()}`,
    tag: "Webhooks",
    summary: "Turn a call into an event.",
    hidden: true,
    takesBytes: true,
    status: 204,
    async handle(ctx, { params, headers, sent }) {
      const bytes = sent instanceof Uint8Array ? Buffer.from(sent) : Buffer.alloc(0);
      const answer = await receiveCall(ctx, { slug: params.slug ?? "", method, headers, bytes });
      return answer === undefined ? undefined : new Reply(200, answer);
    },
  }),
);
