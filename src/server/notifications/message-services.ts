import {
  APP_NAME,
  type Call,
  jsonCall,
  type Message,
  type NotificationBlock,
  NotificationRefused,
  plainText,
  texts,
} from "./message.ts";

interface Notification {
  readonly block: NotificationBlock;
  readonly message: Message;
}

/** One text message to each number. */
export function twilio({ block: { data }, message }: Notification): readonly Call[] {
  const sid = String(data.account_sid);
  const url = `https://api.twilio.com/2010-04-01/Accounts/${encodeURIComponent(sid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${sid}:${data.auth_token}`).toString("base64")}`;
  return texts(data.to_phone_numbers).map((to) => ({
    method: "POST",
    url,
    headers: {
      "user-agent": APP_NAME,
      accept: "application/json",
      authorization,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: String(
      new URLSearchParams({ Body: plainText(message), From: phoneNumber(data.from_phone_number), To: phoneNumber(to) }),
    ),
    allowPrivate: false,
  }));
}

/** One mail to each address. */
export function sendgrid({ block: { data }, message }: Notification): readonly Call[] {
  const headers = { authorization: `Bearer ${data.api_key}` };
  return texts(data.to_emails).map((email) => {
    const body = {
      personalizations: [{ to: [{ email }] }],
      from: { email: data.sender_email },
      subject: message.subject || "<no subject>",
      content: [{ type: "text/html", value: message.body }],
    };
    return jsonCall("https://api.sendgrid.com/v3/mail/send", body, { headers });
  });
}

/** In international form, without what people put between the digits. */
function phoneNumber(given: unknown): string {
  const digits = String(given).replaceAll(/\D/g, "");
  if (digits.length < 5) throw new NotificationRefused("A phone number has too few digits.");
  return `+${digits}`;
}
