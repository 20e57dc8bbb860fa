/** Twilio's calls: messages that came in, and what became of those that went out. */
import { SwitchboardError, type Webhook, type WebhookReply, type WebhookRequest } from "@switchboard/domain";
import type { SmsConfig } from "./config.ts";
import { keywordOf } from "./opt-out.ts";
import { hasSignedBody, isSigned } from "./signature.ts";

const HEADER = "x-twilio-signature";
const NOTHING_TO_SAY = "<Response></Response>";

export const webhook: Webhook<SmsConfig> = {
  verify(request, { config }) {
    const signature = request.headers[HEADER];
    if (signature === undefined) throw new SwitchboardError("SEC_002", `The call lacks the ${HEADER} header.`);
    const { url } = request;
    const isBodySigned = url.includes("bodySHA256=");
    // What is read must be signed: the form, or the query and with it the body's hash.
    const params = isBodySigned || request.method === "GET" ? [] : [...formOf(request)];
    const matches = isSigned({ url, params }, signature, config.authToken);
    if (matches && (!isBodySigned || hasSignedBody(url, request.body))) return;
    throw new SwitchboardError("SEC_002", `The ${HEADER} header does not fit the call.`, {
      action:
        "Check the Auth Token, and that gateway.publicUrl (or the headers of a proxy in gateway.trustedProxies) gives the address that Twilio calls.",
    });
  },

  parse(request) {
    const params = Object.fromEntries(paramsOf(request));
    if (params.AccountSid === undefined) throw new SwitchboardError("REQ_001", "This is no call of Twilio's.");
    return [params];
  },

  reply(request, { config }): WebhookReply {
    const { Body = "", MessageStatus, OptOutType } = Object.fromEntries(paramsOf(request));
    const wantsHelp = MessageStatus === undefined && keywordOf(Body, OptOutType) === "help";
    // Twilio has answered what it found by itself.
    const text = wantsHelp && OptOutType === undefined ? config.helpText : undefined;
    return { type: "text/xml", body: text === undefined ? NOTHING_TO_SAY : twiml(text) };
  },
};

/** Numbers may be set up for calls by GET, whose parameters are in the query. */
function paramsOf(request: WebhookRequest): URLSearchParams {
  return request.method === "GET" ? new URLSearchParams(request.url.split("?")[1]?.split("#")[0]) : formOf(request);
}

function formOf({ body }: WebhookRequest): URLSearchParams {
  return new URLSearchParams(new TextDecoder().decode(body));
}

function twiml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<Response><Message>${escaped}</Message></Response>`;
}
