/** Everything a request says to the model, fitted into its window. */
import { kindOfSession } from "@switchboard/core";
import type { AgentInput, AgentRequest, AgentTool } from "@switchboard/core/ports";
import { SwitchboardError } from "@switchboard/domain";
import type { ModelMessage } from "ai";
import { type ShownFile, showFile } from "./attachments.ts";
import { addExchange, Conversation, spoken, textPart, type UserPart } from "./conversation.ts";
import { estimateTokens, IMAGE_TOKENS, MESSAGE_TOKENS } from "./tokens.ts";
import { newestThatFit } from "./window.ts";

export interface PromptOptions {
  /** Whether the model is shown pictures. */
  readonly images: boolean;
  readonly tools: readonly AgentTool[];
  /** A sentence about how long answers should be. */
  readonly verbosity: string | undefined;
  /** Most transcript entries to ask for. */
  readonly historyEntries: number;
  readonly imageBytes: number;
  readonly textBytes: number;
}

export interface Prompt {
  readonly instructions: string;
  readonly messages: ModelMessage[];
  /** How many pictures are shown. */
  readonly images: number;
}

const DEFAULT_INSTRUCTIONS =
  "You are a helpful assistant in a chat. Answer in Markdown, and briefly unless asked for more.";
const IN_GROUPS =
  "Several people write in this chat. Each message begins with its writer's name; do not begin yours so.";

/** Of the window, when the settings do not say how long an answer may be. */
const ANSWER_SHARE = 0.25;
const ANSWER_TOKENS = 4_096;
const MOST_IMAGES = 8;

/** The last word on length: it outweighs what a person chose for all their chats. */
function within(characters: number): string {
  return `Your answer goes to a platform on which length costs: say what matters within ${characters} characters, and leave out the rest unless you are asked for it.`;
}

interface ShownInput {
  readonly parts: UserPart[];
  readonly tokens: number;
  readonly images: number;
}

/**
 * Newest input first, then older inputs of the turn, then the past, as far as the window goes.
 * @throws AGENT_007 when the newest input alone is too long, AGENT_006 when the instructions leave no room.
 */
export async function buildPrompt(request: AgentRequest, options: PromptOptions, signal: AbortSignal): Promise<Prompt> {
  const { agent } = request;
  const named = kindOfSession(request.session) !== "direct";
  const { extraSystemPrompt } = request.parameters;
  const { answerCharacters } = request;
  const instructions = [
    agent.instructions ?? DEFAULT_INSTRUCTIONS,
    ...(extraSystemPrompt === undefined ? [] : [extraSystemPrompt]),
    ...(named ? [IN_GROUPS] : []),
    ...(options.verbosity === undefined ? [] : [options.verbosity]),
    ...(answerCharacters === undefined ? [] : [within(answerCharacters)]),
  ].join("\n\n");
  const room = roomFor(request, instructions, options.tools);
  const shown = await showInputs(request.inputs, room, named, options, signal);
  const conversation = new Conversation();
  const left = room - shown.reduce((sum, input) => sum + input.tokens, 0);
  const omitted = request.inputs.length - shown.length;
  if (omitted > 0) {
    const what = omitted === 1 ? "an earlier message is" : `${omitted} earlier messages are`;
    conversation.user(textPart(`[Note: ${what} left out: too long for you.]`));
  } else if (left > MESSAGE_TOKENS) {
    const past = await request.history(options.historyEntries);
    for (const exchange of newestThatFit(past, left, named)) addExchange(conversation, exchange, named);
  }
  for (const input of shown) conversation.user(...input.parts);
  return {
    instructions,
    messages: conversation.messages(),
    images: shown.reduce((sum, { images }) => sum + images, 0),
  };
}

/** Tokens that inputs and the past may take together. */
function roomFor({ agent }: AgentRequest, instructions: string, tools: readonly AgentTool[]): number {
  const answer = agent.maxOutputTokens ?? Math.min(ANSWER_TOKENS, Math.floor(agent.contextTokens * ANSWER_SHARE));
  const offered = tools.reduce((sum, { name, description, parameters }) => {
    return sum + estimateTokens(name + description + JSON.stringify(parameters)) + MESSAGE_TOKENS;
  }, 0);
  const room = agent.contextTokens - answer - estimateTokens(instructions) - offered - 2 * MESSAGE_TOKENS;
  if (room < MESSAGE_TOKENS) {
    throw new SwitchboardError(
      "AGENT_006",
      `Agent "${agent.id}": its instructions and tools leave no room for a message in ${agent.contextTokens} tokens (contextTokens).`,
    );
  }
  return room;
}

/** The newest inputs that fit, oldest first; the newest is always among them. */
async function showInputs(
  inputs: readonly AgentInput[],
  room: number,
  named: boolean,
  options: PromptOptions,
  signal: AbortSignal,
): Promise<ShownInput[]> {
  const shown: ShownInput[] = [];
  let left = room;
  let pictures = options.images ? MOST_IMAGES : 0;
  for (const input of inputs.toReversed()) {
    const one = await showInput(input, { left, named, pictures }, options, signal);
    if (one.tokens > left) {
      if (shown.length === 0) throw tooLong(one.tokens, room);
      break;
    }
    shown.unshift(one);
    left -= one.tokens;
    pictures -= one.images;
  }
  return shown;
}

async function showInput(
  input: AgentInput,
  { left, named, pictures }: { left: number; named: boolean; pictures: number },
  options: PromptOptions,
  signal: AbortSignal,
): Promise<ShownInput> {
  const said = spoken(
    input.text.trim() === "" && input.attachments.length === 0 ? "(nothing)" : input.text,
    input.sender,
    named,
  );
  const parts: UserPart[] = said.trim() === "" ? [] : [textPart(said)];
  let tokens = MESSAGE_TOKENS + estimateTokens(said);
  let images = 0;
  // An input that is too long already needs no downloads.
  if (tokens > left) return { parts, tokens, images };
  for (const attachment of input.attachments) {
    const spare = Math.max(0, left - tokens);
    const file = await showFile(
      attachment,
      {
        images: images < pictures && spare > 2 * IMAGE_TOKENS,
        imageBytes: options.imageBytes,
        // Text may cost up to a token a byte; half of what is left stays for other things.
        textBytes: Math.min(options.textBytes, Math.floor(spare / 2)),
      },
      signal,
    );
    parts.push(partOf(file));
    tokens += file.type === "image" ? IMAGE_TOKENS : estimateTokens(file.text) + MESSAGE_TOKENS;
    if (file.type === "image") images++;
  }
  return { parts, tokens, images };
}

function partOf(file: ShownFile): UserPart {
  return file.type === "text" ? textPart(file.text) : { type: "file", mediaType: file.mediaType, data: file.data };
}

function tooLong(tokens: number, room: number): SwitchboardError {
  const count = (value: number) => value.toLocaleString("en-GB");
  return new SwitchboardError(
    "AGENT_007",
    `The message is about ${count(tokens)} tokens long; the model's window has room for ${count(room)}. Send a shorter one.`,
    { details: { tokens, room } },
  );
}
