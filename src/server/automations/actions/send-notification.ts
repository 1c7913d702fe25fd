import type { SendNotification } from "../../../schemas/action.ts";
import { deliver } from "../../notifications/deliver.ts";
import { type Act, ActionFailed } from "./action.ts";
import { loadBlock, relatedToBlock } from "./load-block.ts";
import { renderTemplates } from "./render-templates.ts";

export const sendNotification: Act<SendNotification> = async (call) => {
  const { ctx, action, found } = call;
  const block = await loadBlock(call, action.block_document_id);
  if (!block.capabilities.includes("notify")) {
    throw new ActionFailed("The referenced block was not a notification block");
  }
  found.related.push(...relatedToBlock(action.block_document_id, block));
  const [subject = "", body = ""] = await renderTemplates(call, [action.subject, action.body]);
  const failure = await deliver({ block, message: { subject, body }, nowMs: ctx.clock.nowMs() });
  if (failure !== undefined) {
    found.details.notification_log = failure;
    throw new ActionFailed("Notification failed");
  }
  return undefined;
};
