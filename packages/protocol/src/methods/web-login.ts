/** Logging an account in by a QR code, as clients of this protocol know it: `web.login.*`. REST has every kind of login. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text } from "../schema.ts";
import { BASE, method } from "./method.ts";

/** `channel`: default the first installed one that is logged in by a QR code; `accountId`: default its default account. */
const which = { channel: Type.Optional(Id), accountId: Type.Optional(Id) };
/** A PNG as a `data:` URL. */
const QrDataUrl = Type.String({ minLength: 1, maxLength: 16_384 });
const base = { scope: "operator.admin", role: "operator", since: BASE, hidden: true } as const;

export const webLoginMethods = {
  /**
   * Begins a login and answers with its first QR code; one of the account that is under way is cancelled. An account that
   * is connected stays as it is, unless with `force`, and even then until the login is done. `timeoutMs`: so long it
   * waits for the code. `sessionKey` names the login.
   */
  "web.login.start": method({
    params: Open({ ...which, force: Type.Optional(Type.Boolean()), timeoutMs: Type.Optional(Count) }),
    result: Closed({
      message: Text,
      connected: Type.Boolean(),
      qrDataUrl: Type.Optional(QrDataUrl),
      sessionKey: Type.Optional(Id),
    }),
    ...base,
  }),
  /**
   * Waits until the login has come to its end, or for at most `timeoutMs` (default and most 120,000). With
   * `currentQrDataUrl`, the code that is shown: no longer than until another takes its place. `sessionKey`: default the
   * account's newest login.
   */
  "web.login.wait": method({
    params: Open({
      ...which,
      sessionKey: Type.Optional(Id),
      timeoutMs: Type.Optional(Count),
      currentQrDataUrl: Type.Optional(QrDataUrl),
    }),
    result: Closed({ connected: Type.Boolean(), message: Text, qrDataUrl: Type.Optional(QrDataUrl) }),
    ...base,
  }),
};
