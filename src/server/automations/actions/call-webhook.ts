import { isObject } from "../../../domain/parameters/json-types.ts";
import { PrefectError } from "../../../kit/errors.ts";
import type { CallWebhook } from "../../../schemas/action.ts";
import { sendRequest } from "../../outbound/request.ts";
import { type Act, ActionFailed } from "./action.ts";
import { type LoadedBlock, loadBlock, relatedToBlock } from "./load-block.ts";
import { renderTemplates } from "./render-templates.ts";

/** As much of an answer as its event tells. */
const MAX_TOLD = 1000;

export const callWebhook: Act<CallWebhook> = async (call) => {
  const { action, found, triggered } = call;
  const block = await loadBlock(call, action.block_document_id);
  if (block.slug !== "webhook") throw new ActionFailed("The referenced block was not a webhook block");
  found.related.push(...relatedToBlock(action.block_document_id, block));
  const [body = ""] = await renderTemplates(call, [action.payload]);
  const reply = await send(block, { body, key: triggered.id });
  const headers = Object.entries(reply.headers).filter(([name]) => !isHidden(name));
  found.details.status_code = reply.status;
  found.details.response_body = shortened(reply.text);
  found.details.response_headers = Object.fromEntries(headers);
  return undefined;
};

/** A receiver that keeps the idempotency key sees a call that is repeated after a crash as the one it knows. */
async function send({ data }: LoadedBlock, { body, key }: { readonly body: string; readonly key: string }) {
  try {
    return await sendRequest({
      method: typeof data.method === "string" ? data.method : "POST",
      url: String(data.url ?? ""),
      headers: { "user-agent": "Prefect", "idempotency-key": key, ...textMap(data.headers) },
      body,
      allowPrivate: data.allow_private_urls !== false,
      verifyTls: data.verify !== false,
    });
  } catch (error) {
    if (!(error instanceof PrefectError)) throw error;
    throw new ActionFailed(`Webhook call failed: ${error.details.type}(${JSON.stringify(error.message)})`);
  }
}

function textMap(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
}

const HIDDEN = /^(?:authorization|set-cookie|traceparent|via|x-(?:forwarded|b3|cloud-trace|envoy|prefect).*)$/;

function isHidden(header: string): boolean {
  return HIDDEN.test(header.toLowerCase());
}

/** The beginning and the end of a long text. */
function shortened(text: string): string {
  if (text.length <= MAX_TOLD) return text;
  const half = MAX_TOLD / 2;
  const short = `${text.slice(0, half)}...${text.length - MAX_TOLD} additional characters...${text.slice(-half)}`;
  return short.length < text.length ? short : text;
}
