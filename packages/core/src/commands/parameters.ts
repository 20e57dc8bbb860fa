/** /model, /thinking, /verbosity, /reasoning and the /menu that sets the same by buttons (AGT-5). */
import { type Control, markdownContent, type OutboundContent } from "@switchboard/domain";
import { PARAMETERS, type Parameter, parameterValue } from "../sessions/parameters.ts";
import type { Command, CommandContext, CommandResult } from "./command.ts";
import { quoteWord } from "./lexer.ts";
import { mayChange } from "./may-run.ts";

const BUTTONS_PER_ROW = 3;

export const parameterCommands: readonly Command[] = PARAMETERS.map((parameter) => ({
  name: parameter.name,
  description: parameter.description,
  usage: "[value]",
  argument: { label: parameter.label, ...(parameter.always && { choices: parameter.always }) },
  changes: true,
  run: (context) => setParameter(parameter, context),
}));

export const menu: Command = {
  name: "menu",
  description: "Change settings by buttons",
  usage: "[setting]",
  argument: { label: "Setting", choices: PARAMETERS.map(({ name }) => name) },
  changes: false,
  run: (context) => {
    const parameter = PARAMETERS.find(({ name }) => name === context.line.args[0]);
    return {
      reply: parameter ? choiceMenu(parameter, context, context.preferences) : mainMenu(context, context.preferences),
      inPlace: true,
    };
  },
};

function setParameter(parameter: Parameter, context: CommandContext): CommandResult {
  const choices = parameter.choices(context.route.agent);
  const wanted = context.line.args[0];
  if (wanted === undefined) {
    return { reply: choiceMenu(parameter, context, context.preferences), inPlace: true };
  }
  const value = choices.find((choice) => choice.toLowerCase() === wanted.toLowerCase());
  if (value === undefined) {
    return {
      reply: markdownContent(
        `\`${wanted.replaceAll("`", "")}\` is no choice for ${parameter.label.toLowerCase()}. Choose one of: ${choices.map((choice) => `\`${choice}\``).join(", ")}.`,
      ),
    };
  }
  const isDefault = value === choices[0];
  const preferences = { ...context.preferences, [parameter.name]: value };
  return {
    reply:
      context.event.kind === "control"
        ? choiceMenu(parameter, context, preferences)
        : markdownContent(`${parameter.label} is now \`${value}\`.`),
    inPlace: true,
    effects: [
      {
        type: "preference",
        session: context.route.session,
        name: parameter.name,
        value: isDefault ? null : value,
      },
    ],
  };
}

function mainMenu(context: CommandContext, preferences: Readonly<Record<string, string>>): OutboundContent {
  const { agent } = context.route;
  const lines = PARAMETERS.map((each) => `- ${each.label}: \`${parameterValue(each, agent, preferences)}\``);
  const settings = PARAMETERS.map(
    (each): Control => ({ kind: "button", label: each.label, value: `/menu ${each.name}` }),
  );
  const text = `**Settings**\n\n${lines.join("\n")}`;
  if (!mayChange(context)) return markdownContent(text);
  return markdownContent(text, {
    controls: [
      ...rows(settings),
      [
        { kind: "button", label: "New conversation", value: "/new" },
        { kind: "button", label: "Stop", value: "/stop", style: "danger" },
      ],
    ],
  });
}

function choiceMenu(
  parameter: Parameter,
  context: CommandContext,
  preferences: Readonly<Record<string, string>>,
): OutboundContent {
  const { agent } = context.route;
  const current = parameterValue(parameter, agent, preferences);
  const text = `**${parameter.label}**: ${parameter.description.toLowerCase()}.\n\nNow: \`${current}\``;
  if (!mayChange(context)) return markdownContent(text);
  const choices = parameter.choices(agent).map(
    (choice): Control => ({
      kind: "button",
      label: choice === current ? `✓ ${choice}` : choice,
      value: `/${parameter.name} ${quoteWord(choice)}`,
      ...(choice === current && { style: "primary" }),
    }),
  );
  return markdownContent(text, {
    controls: [...rows(choices), [{ kind: "button", label: "‹ Back", value: "/menu" }]],
  });
}

function rows(controls: readonly Control[]): Control[][] {
  const all: Control[][] = [];
  // Rows of one length look better than full ones and a lone button below.
  const perRow = Math.ceil(controls.length / Math.ceil(controls.length / BUTTONS_PER_ROW));
  for (let at = 0; at < controls.length; at += perRow) all.push(controls.slice(at, at + perRow));
  return all;
}
