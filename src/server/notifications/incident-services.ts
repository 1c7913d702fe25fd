import {
  APP_NAME,
  type Call,
  jsonCall,
  type Message,
  type NotificationBlock,
  notifyType,
  pictureUrl,
  plainText,
  present,
  text,
  texts,
} from "./message.ts";

interface Notification {
  readonly block: NotificationBlock;
  readonly message: Message;
}

const SEVERITIES = { info: "info", success: "info", warning: "warning", failure: "critical" } as const;

/** An event of PagerDuty. What has a subject is summed up by it, and its body is one of the details. */
export function pagerDuty({ block: { data }, message }: Notification): readonly Call[] {
  const own = data.custom_details as Readonly<Record<string, string>> | null | undefined;
  const details = { ...own, ...(message.subject ? { "Prefect Notification Body": message.body } : {}) };
  const link = text(data.clickable_url);
  const body = present({
    routing_key: data.integration_key,
    payload: present({
      summary: plainText(message.subject ? { ...message, body: "" } : message),
      severity: SEVERITIES[notifyType(data)],
      source: text(data.source) ?? "Prefect",
      component: text(data.component) ?? "Notification",
      group: text(data.group),
      class: text(data.class_id),
      custom_details: Object.keys(details).length === 0 ? undefined : details,
    }),
    client: APP_NAME,
    event_action: "trigger",
    links: link === undefined ? undefined : [{ href: link }],
    images: data.include_image === false ? undefined : [{ src: pictureUrl(data, "128x128"), alt: notifyType(data) }],
  });
  const host = data.region_name === "eu" ? "events.eu.pagerduty.com" : "events.pagerduty.com";
  return [jsonCall(`https://${host}/v2/enqueue`, body, { headers: { authorization: `Token token=${data.api_key}` } })];
}

/** An alert of Opsgenie; unless they are to be told together, one for each it is for. */
export function opsgenie({ block: { data }, message }: Notification): readonly Call[] {
  const tags = texts(data.tags);
  const alert = present({
    source: APP_NAME,
    message: message.subject || message.body,
    description: message.body,
    details: { ...(data.details as object | null | undefined), type: notifyType(data) },
    priority: `P${data.priority ?? 3}`,
    tags: tags.length === 0 ? undefined : tags,
    entity: text(data.entity),
    alias: text(data.alias),
  });
  const responders = [
    ...texts(data.target_team).map((name) => ({ type: "team", name })),
    ...texts(data.target_schedule).map((name) => ({ type: "schedule", name })),
    ...texts(data.target_user).map((username) => ({ type: "user", username })),
    ...texts(data.target_escalation).map((name) => ({ type: "escalation", name })),
  ];
  const groups = data.batch === true ? [responders] : responders.map((responder) => [responder]);
  const alerts = responders.length === 0 ? [alert] : groups.map((group) => ({ ...alert, responders: group }));
  const host = data.region_name === "eu" ? "api.eu.opsgenie.com" : "api.opsgenie.com";
  const headers = { authorization: `GenieKey ${data.apikey}` };
  return alerts.map((each) => jsonCall(`https://${host}/v2/alerts`, each, { headers }));
}
