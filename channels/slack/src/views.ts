/** The form in which a command is put together, and the Home tab. */
import type { HomeView, KnownBlock, ModalView, PlainTextElement } from "@slack/types";
import type { CommandHint } from "@switchboard/domain";
import { shortened } from "./controls.ts";
import { CHANNEL_COMMAND, COMMAND_FORM, type FormPlace, NAME_FIELD, TEXT_FIELD } from "./interaction.ts";
import { OPTION_LABEL, OPTIONS, VIEW_TITLE } from "./limits.ts";
import { escaped } from "./mrkdwn.ts";

/** Asks which command and with what; `place` comes back with it. */
export function commandForm(commands: readonly CommandHint[], place: FormPlace): ModalView {
  const options = commands.slice(0, OPTIONS).map(({ description, name }) => ({
    text: plain(shortened(`${name}: ${description}`, OPTION_LABEL)),
    value: name,
  }));
  const hints = commands.flatMap(({ argument, name }) =>
    argument === undefined
      ? []
      : [`${name}: ${argument.label}${argument.choices ? ` (${argument.choices.join(", ")})` : ""}`],
  );
  const blocks: KnownBlock[] = [
    {
      type: "input",
      block_id: NAME_FIELD,
      label: plain("Command"),
      element: { type: "static_select", action_id: NAME_FIELD, placeholder: plain("Choose"), options },
    },
    {
      type: "input",
      block_id: TEXT_FIELD,
      optional: true,
      label: plain("What goes with it"),
      ...(hints.length > 0 && { hint: plain(shortened(hints.join("; "), 2_000)) }),
      element: { type: "plain_text_input", action_id: TEXT_FIELD, max_length: 1_000 },
    },
  ];
  return {
    type: "modal",
    callback_id: COMMAND_FORM,
    private_metadata: JSON.stringify(place),
    title: plain(shortened("Give a command", VIEW_TITLE)),
    submit: plain("Send"),
    close: plain("Cancel"),
    blocks,
  };
}

/** What the bot is, that it is there, and what it can do. */
export function homeView(name: string, commands: readonly CommandHint[], at: number): HomeView {
  const list = commands
    .slice(0, 40)
    .map(({ description, name: command }) => `• \`${command}\` ${escaped(description)}`);
  const seconds = Math.floor(at / 1000);
  return {
    type: "home",
    blocks: [
      { type: "header", text: plain(shortened(name, 150)) },
      { type: "section", text: { type: "mrkdwn", text: "Connected. Write to me here, or mention me in a channel." } },
      ...(list.length === 0
        ? []
        : ([
            { type: "divider" },
            {
              type: "section",
              text: {
                type: "mrkdwn",
                text: shortened(`*Commands*, after \`/${CHANNEL_COMMAND}\`:\n${list.join("\n")}`, 3_000),
              },
            },
          ] satisfies KnownBlock[])),
      {
        type: "context",
        elements: [
          { type: "mrkdwn", text: `Seen <!date^${seconds}^{date_short_pretty} {time}|${new Date(at).toISOString()}>` },
        ],
      },
    ],
  };
}

function plain(text: string): PlainTextElement {
  return { type: "plain_text", text, emoji: true };
}
