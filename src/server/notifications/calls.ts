import { discord, mattermost, slack, teams } from "./chat-services.ts";
import { customWebhook } from "./custom-webhook.ts";
import { opsgenie, pagerDuty } from "./incident-services.ts";
import type { Call, Message, NotificationBlock } from "./message.ts";
import { NotificationRefused } from "./message.ts";
import { sendgrid, twilio } from "./message-services.ts";

interface Notification {
  readonly block: NotificationBlock;
  readonly message: Message;
  readonly nowMs: number;
}

type Service = (notification: Notification) => readonly Call[];

const SERVICES: ReadonlyMap<string, Service> = new Map<string, Service>([
  ["slack-webhook", slack],
  ["ms-teams-webhook", teams],
  ["mattermost-webhook", mattermost],
  ["discord-webhook", discord],
  ["pager-duty-webhook", pagerDuty],
  ["opsgenie-webhook", opsgenie],
  ["twilio-sms", twilio],
  ["sendgrid-email", sendgrid],
  ["custom-webhook", customWebhook],
]);

/** The calls that deliver a notification, one for each it is for. @throws NotificationRefused */
export function notificationCalls(notification: Notification): readonly Call[] {
  const service = SERVICES.get(notification.block.slug);
  if (!service) throw new NotificationRefused(`Blocks of type '${notification.block.slug}' cannot notify.`);
  return service(notification);
}
