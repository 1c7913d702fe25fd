import type { SendEmailNotification } from "../../../schemas/action.ts";
import { NotificationRefused } from "../../notifications/message.ts";
import { sendEmail } from "../../notifications/send-email.ts";
import { smtpServerOf } from "../../notifications/smtp-server.ts";
import { type Act, ActionFailed } from "./action.ts";
import { type LoadedBlock, loadBlock, relatedToBlock } from "./load-block.ts";
import { renderTemplates } from "./render-templates.ts";

export const sendEmailNotification: Act<SendEmailNotification> = async (call) => {
  const { ctx, action, found, triggered } = call;
  const block = await loadBlock(call, action.block_document_id);
  found.related.push(...relatedToBlock(action.block_document_id, block));
  const server = smtpServer(block);
  const [subject = "", body = ""] = await renderTemplates(call, [action.subject, action.body]);
  const { allow_private_hosts: allowPrivate } = ctx.settings.server.smtp;
  const failure = await sendEmail(server, { to: action.emails, subject, body, id: triggered.id }, { allowPrivate });
  if (failure !== undefined) {
    found.details.notification_log = failure;
    throw new ActionFailed("Notification failed");
  }
  return undefined;
};

function smtpServer(block: LoadedBlock) {
  try {
    return smtpServerOf(block);
  } catch (error) {
    if (error instanceof NotificationRefused) throw new ActionFailed(error.message);
    throw error;
  }
}
