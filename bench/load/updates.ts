/** Updates as Telegram sends them, of the size that a line of chat has. */

const WORDS = "The quick brown fox jumps over the lazy dog and runs on to the next message of this conversation.";
let updates = 0;

/** What a person writes; ASCII without any formatting, so that an echo says the same. */
export function textOf(number: number): string {
  return `Message ${number}. ${WORDS}`;
}

/** Somebody writes to the bot. The chat is theirs. */
export function directUpdate(chat: number, text: string): string {
  const number = ++updates;
  return JSON.stringify({
    update_id: number,
    message: {
      message_id: number,
      from: {
        id: chat,
        is_bot: false,
        first_name: "Ada",
        last_name: "Example",
        username: `ada_${chat}`,
        language_code: "en",
      },
      chat: { id: chat, first_name: "Ada", last_name: "Example", username: `ada_${chat}`, type: "private" },
      date: 1_700_000_000,
      text,
    },
  });
}

/** Somebody writes in a group, not to the bot: stored, decided, not answered. */
export function groupUpdate(group: number, text: string): string {
  const number = ++updates;
  return JSON.stringify({
    update_id: number,
    message: {
      message_id: number,
      from: {
        id: 2_000_000 + group,
        is_bot: false,
        first_name: "Ada",
        last_name: "Example",
        username: "ada_example",
        language_code: "en",
      },
      chat: { id: -1_000_000_000_000 - group, title: `Group ${group}`, type: "supergroup" },
      date: 1_700_000_000,
      text,
    },
  });
}
