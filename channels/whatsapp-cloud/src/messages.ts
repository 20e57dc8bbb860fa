/** Rendered parts as bodies of `POST /<phone number id>/messages`. Pure. */
import type { JsonObject } from "@switchboard/domain";
import type { Interactive } from "./controls.ts";
import type { CardPayload, InteractivePayload, TextPayload } from "./payload.ts";
import type { Template } from "./template.ts";

export interface Envelope {
  readonly to: string;
  readonly replyTo?: string | undefined;
  /** Comes back with every status of the message; at most 512 characters. */
  readonly delivery: string;
}

export type Content =
  | { readonly type: "text"; readonly payload: TextPayload; readonly preview: boolean }
  | { readonly type: "interactive"; readonly payload: InteractivePayload }
  | { readonly type: "media"; readonly field: string; readonly media: JsonObject }
  | { readonly type: "card"; readonly payload: CardPayload }
  | { readonly type: "template"; readonly template: Template };

export function messageBody(envelope: Envelope, content: Content): JsonObject {
  const { delivery, replyTo, to } = envelope;
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to,
    ...(replyTo !== undefined && { context: { message_id: replyTo } }),
    biz_opaque_callback_data: delivery,
    ...contentFields(content),
  };
}

function contentFields(content: Content): JsonObject {
  switch (content.type) {
    case "text":
      return { type: "text", text: { body: content.payload.text, preview_url: content.preview } };
    case "media":
      return { type: content.field, [content.field]: content.media };
    case "card": {
      const { card, type } = content.payload;
      return { type, [type]: card };
    }
    case "template":
      return { type: "template", template: content.template as unknown as JsonObject };
    case "interactive": {
      const { interactive, text } = content.payload;
      return { type: "interactive", interactive: { body: { text }, ...actionOf(interactive) } };
    }
  }
}

function actionOf(interactive: Interactive): JsonObject {
  switch (interactive.kind) {
    case "buttons": {
      const buttons = interactive.buttons.map(({ id, title }) => ({ type: "reply", reply: { id, title } }));
      return { type: "button", action: { buttons } };
    }
    case "list": {
      const rows = interactive.rows.map((row) => ({ ...row }));
      return { type: "list", action: { button: interactive.button, sections: [{ rows }] } };
    }
    case "link": {
      const { label, url } = interactive;
      return { type: "cta_url", action: { name: "cta_url", parameters: { display_text: label, url } } };
    }
  }
}
