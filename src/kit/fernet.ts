import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** The two halves of a Fernet key. */
export interface FernetKey {
  readonly signing: Buffer;
  readonly encryption: Buffer;
}

const VERSION = 0x80;
const KEY_BYTES = 32;
const IV_AT = 9;
const TEXT_AT = 25;
const MAC_BYTES = 32;

/** A new key in its text form: 32 bytes in url-safe base64. */
export function generateFernetKey(): string {
  return base64(randomBytes(KEY_BYTES));
}

/** Undefined when the text is not 32 bytes in url-safe base64. */
export function parseFernetKey(text: string): FernetKey | undefined {
  const bytes = Buffer.from(text, "base64url");
  if (!/^[\w-]{43}=?$/.test(text.trim()) || bytes.length !== KEY_BYTES) return undefined;
  return { signing: bytes.subarray(0, 16), encryption: bytes.subarray(16) };
}

/** A token that carries its time, which nobody checks here: tokens do not expire. */
export function encryptFernet(key: FernetKey, text: string, nowMs: number): string {
  const header = Buffer.alloc(TEXT_AT);
  header.writeUInt8(VERSION, 0);
  header.writeBigUInt64BE(BigInt(Math.floor(nowMs / 1000)), 1);
  const iv = randomBytes(16);
  iv.copy(header, IV_AT);
  const cipher = createCipheriv("aes-128-cbc", key.encryption, iv);
  const signed = Buffer.concat([header, cipher.update(text, "utf8"), cipher.final()]);
  return base64(Buffer.concat([signed, sign(key, signed)]));
}

/** Undefined when the token was made with another key, or is no token. */
export function decryptFernet(key: FernetKey, token: string): string | undefined {
  const bytes = Buffer.from(token, "base64url");
  const macAt = bytes.length - MAC_BYTES;
  if (macAt <= TEXT_AT || (macAt - TEXT_AT) % 16 !== 0 || bytes[0] !== VERSION) return undefined;
  if (!timingSafeEqual(sign(key, bytes.subarray(0, macAt)), bytes.subarray(macAt))) return undefined;
  const decipher = createDecipheriv("aes-128-cbc", key.encryption, bytes.subarray(IV_AT, TEXT_AT));
  return Buffer.concat([decipher.update(bytes.subarray(TEXT_AT, macAt)), decipher.final()]).toString("utf8");
}

function sign(key: FernetKey, bytes: Buffer): Buffer {
  return createHmac("sha256", key.signing).update(bytes).digest();
}

/** Url-safe base64 with its padding, as Fernet writes it. */
function base64(bytes: Buffer): string {
  const text = bytes.toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
