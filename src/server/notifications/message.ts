import type { OutboundRequest } from "../outbound/request.ts";

export interface Message {
  readonly subject: string | null;
  readonly body: string;
}

/** A block that notifies: its type, and its fields with their secrets. */
export interface NotificationBlock {
  readonly slug: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Call = OutboundRequest;

/** A block that cannot notify as it is. The message holds none of its secrets. */
export class NotificationRefused extends Error {}

export const APP_NAME = "Prefect Notifications";

const COLOURS = { info: "#3AA3E3", success: "#3AA337", failure: "#A32037", warning: "#CACF29" } as const;
type NotifyType = keyof typeof COLOURS;

export function notifyType({ notify_type }: NotificationBlock["data"]): NotifyType {
  return typeof notify_type === "string" && Object.hasOwn(COLOURS, notify_type) ? (notify_type as NotifyType) : "info";
}

export function colourOf(data: NotificationBlock["data"]): string {
  return COLOURS[notifyType(data)];
}

/** A picture that shows the kind of a message. */
export function pictureUrl(data: NotificationBlock["data"], size: "32x32" | "72x72" | "128x128" | "256x256"): string {
  const folder = "https://github.com/caronc/apprise/raw/master/apprise/assets/themes/default";
  return `${folder}/apprise-${notifyType(data)}-${size}.png`;
}

/** Services without a place for a subject are given it as the first line. */
export function plainText({ subject, body }: Message): string {
  return subject ? `${subject}\r\n${body}` : body;
}

/** A call with a JSON body; services of the internet are never to be found in a private network. */
export function jsonCall(
  url: string,
  body: unknown,
  how: { readonly headers?: Readonly<Record<string, string>>; readonly allowPrivate?: boolean } = {},
): Call {
  const { headers = {}, allowPrivate = false } = how;
  return {
    method: "POST",
    url,
    headers: { "user-agent": APP_NAME, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    allowPrivate,
  };
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Leaves out what is undefined. */
export function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
