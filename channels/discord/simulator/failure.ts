/** Refusals in Discord's own words: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, more: object = {}, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.body = { message, code, ...more };
    this.headers = headers;
  }
}

export const unauthorised = () => new Refusal(401, 0, "401: Unauthorized");
export const unknownChannel = () => new Refusal(404, 10003, "Unknown Channel");
export const unknownMessage = () => new Refusal(404, 10008, "Unknown Message");
export const unknownWebhook = () => new Refusal(404, 10015, "Unknown Webhook");
export const unknownInteraction = () => new Refusal(404, 10062, "Unknown interaction");
export const missingAccess = () => new Refusal(403, 50001, "Missing Access");
export const emptyMessage = () => new Refusal(400, 50006, "Cannot send an empty message");
export const foreignMessage = () => new Refusal(403, 50005, "Cannot edit a message authored by another user");
export const tooLarge = () => new Refusal(413, 40005, "Request entity too large");
export const notFound = () => new Refusal(404, 0, "404: Not Found");

export function tooFast(seconds: number): Refusal {
  const more = { retry_after: seconds, global: false };
  return new Refusal(429, 0, "You are being rate limited.", more, { "retry-after": String(Math.ceil(seconds)) });
}

/** `field` as Discord writes it: `components.0.components.1.label`. */
export function invalidForm(field: string, code: string, message: string): Refusal {
  const errors = field
    .split(".")
    .reduceRight<object>((inner, name) => ({ [name]: inner }), { _errors: [{ code, message }] });
  return new Refusal(400, 50035, "Invalid Form Body", { errors });
}
