import {
  APP_NAME,
  type Call,
  colourOf,
  jsonCall,
  type Message,
  type NotificationBlock,
  NotificationRefused,
  pictureUrl,
  plainText,
  present,
  text,
  texts,
} from "./message.ts";

interface Notification {
  readonly block: NotificationBlock;
  readonly message: Message;
  readonly nowMs: number;
}

const UTF8_JSON = { "content-type": "application/json; charset=utf-8" };

/** Slack, and whatever takes what Slack does. */
export function slack({ block: { data }, message, nowMs }: Notification): readonly Call[] {
  const url = webUrl(data.url);
  const attachment = {
    title: escaped(message.subject ?? ""),
    text: escaped(message.body),
    color: colourOf(data),
    footer_icon: pictureUrl(data, "72x72"),
    footer: APP_NAME,
    ts: nowMs / 1000,
  };
  const body = { mrkdwn: true, attachments: [attachment], icon_url: pictureUrl(data, "72x72") };
  const headers = { ...UTF8_JSON, accept: "application/json" };
  return [jsonCall(url, body, { headers, allowPrivate: data.allow_private_urls !== false })];
}

/** A workflow of Teams, given an adaptive card. */
export function teams({ block: { data }, message }: Notification): readonly Call[] {
  const picture = {
    type: "Image",
    url: pictureUrl(data, "32x32"),
    height: "32px",
    altText: typeof data.notify_type === "string" ? data.notify_type : "info",
  };
  const title = {
    type: "TextBlock",
    text: message.subject,
    style: "heading",
    weight: "Bolder",
    size: "Large",
    id: "title",
  };
  const words = { type: "TextBlock", text: message.body, style: "default", wrap: data.wrap !== false, id: "body" };
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [...(data.include_image === false ? [] : [picture]), ...(message.subject ? [title] : []), words],
    msteams: { width: "full" },
  };
  const contentType = "application/vnd.microsoft.card.adaptive";
  const body = { type: "message", attachments: [{ contentType, contentUrl: null, content: card }] };
  return [jsonCall(webUrl(data.url), body, { allowPrivate: data.allow_private_urls !== false })];
}

/** A Mattermost server is often inside the own network: there is nothing to forbid it. */
export function mattermost({ block: { data }, message }: Notification): readonly Call[] {
  const scheme = data.secure === true ? "https" : "http";
  const path = (text(data.path) ?? "").replace(/^\/*(?=.)/, "/").replace(/\/+$/, "");
  const url = `${scheme}://${data.hostname}:${data.port ?? 8065}${path}/hooks/${encodeURIComponent(String(data.token))}`;
  const body = {
    text: plainText(message),
    ...(data.include_image === true ? { icon_url: pictureUrl(data, "72x72") } : {}),
    username: text(data.botname) ?? APP_NAME,
  };
  const channels = texts(data.channels).map((channel) => channel.replace(/^[#+@]/, ""));
  const bodies = channels.length === 0 ? [body] : channels.map((channel) => ({ ...body, channel }));
  return bodies.map((each) => jsonCall(url, each, { allowPrivate: true }));
}

export function discord({ block: { data }, message }: Notification): readonly Call[] {
  const [id, token] = [String(data.webhook_id), String(data.webhook_token)].map(encodeURIComponent);
  const isSpoken = data.tts === true;
  const avatar_url = data.avatar === true ? (text(data.avatar_url) ?? pictureUrl(data, "256x256")) : undefined;
  const body = present({
    tts: isSpoken,
    wait: !isSpoken,
    avatar_url,
    username: text(data.botname),
    content: plainText(message),
  });
  return [jsonCall(`https://discord.com/api/webhooks/${id}/${token}`, body, { headers: UTF8_JSON })];
}

function webUrl(value: unknown): string {
  const url = text(value);
  if (url !== undefined && /^https?:\/\//i.test(url)) return url;
  throw new NotificationRefused("The URL of the webhook must begin with http:// or https://.");
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
