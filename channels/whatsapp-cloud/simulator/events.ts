/** What Meta tells the webhook: messages of people, and what became of the account's own. */
import { DISPLAY_NUMBER, type Message, type World } from "./world.ts";

/** Told in order for each person; of messages and of what became of others apart, for Meta promises no order of them. */
export function tell(
  world: World,
  phone: string,
  person: string,
  value: object,
  what: "said" | "status" = "said",
): void {
  const update = {
    object: "whatsapp_business_account",
    entry: [
      {
        id: world.account.businessAccountId,
        changes: [
          {
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: DISPLAY_NUMBER, phone_number_id: phone },
              ...value,
            },
            field: "messages",
          },
        ],
      },
    ],
  };
  world.queue.push(`${what}~${person}~${phone}`, () => JSON.stringify(update), phone);
}

export function tellMessage(world: World, message: Message, content: object = message.content): void {
  const { chat, id, phone, replyTo, type } = message;
  const name = world.people.byId(chat)?.name ?? chat;
  const quoted = replyTo === undefined ? undefined : world.byId.get(replyTo);
  tell(world, phone, chat, {
    contacts: [{ profile: { name }, wa_id: chat }],
    messages: [
      {
        ...(quoted && { context: { from: quoted.fromAccount ? DISPLAY_NUMBER : quoted.chat, id: quoted.id } }),
        from: chat,
        id,
        timestamp: seconds(message.at),
        type,
        [type]: content,
      },
    ],
  });
}

export function tellStatus(
  world: World,
  message: Message,
  status: Message["status"],
  errors?: readonly object[],
): void {
  const { chat, delivery, id, phone } = message;
  message.status = status;
  if (status === "delivered") world.unread.add(message);
  else world.unread.delete(message);
  world.history.keep(message);
  world.changes.tell({ kind: "message", message });
  const told = {
    statuses: [
      {
        id,
        status,
        timestamp: seconds(Date.now()),
        recipient_id: chat,
        ...(delivery !== undefined && { biz_opaque_callback_data: delivery }),
        ...(errors && { errors }),
      },
    ],
  };
  tell(world, phone, chat, told, "status");
}

function seconds(at: number): string {
  return String(Math.floor(at / 1000));
}
