/** /start, /help, /status, /whoami, /new, /stop. */
import { markdownContent } from "@switchboard/domain";
import { PARAMETERS, parameterValue } from "../sessions/parameters.ts";
import type { Command, CommandContext } from "./command.ts";
import { mayRun } from "./may-run.ts";

export const start: Command = {
  name: "start",
  description: "Say hello",
  changes: false,
  run: ({ route, account }) => ({
    reply: markdownContent(
      `Hello! You are talking to **${agentName(route)}** on ${account.channel.label}. Write anything, or /help to see what I can do.`,
    ),
  }),
};

export const help: Command = {
  name: "help",
  private: true,
  description: "List the commands",
  changes: false,
  run: (context) => {
    const lines = context.commands
      .filter((command) => mayRun(command, context))
      .map(({ name, usage, description }) => `- /${name}${usage ? ` ${usage}` : ""} – ${description}`);
    return { reply: markdownContent(`**Commands**\n\n${lines.join("\n")}\n\nEverything else goes to the agent.`) };
  },
};

export const status: Command = {
  name: "status",
  private: true,
  description: "Show what is going on",
  changes: false,
  run: async (context) => {
    const { route, preferences } = context;
    const figures = await context.status();
    const parameters = PARAMETERS.map(
      (parameter) => `- ${parameter.label}: \`${parameterValue(parameter, route.agent, preferences)}\``,
    );
    const session = figures.session
      ? `${figures.session.entries} entries since ${duration(context.now - figures.session.startedAt)}`
      : "new";
    return {
      reply: markdownContent(
        [
          `**Switchboard ${figures.version}**, up ${duration(figures.uptimeMs)}`,
          "",
          `- Agent: ${agentName(route)} (\`${route.agent.runtime}\`)`,
          ...parameters,
          `- Session: ${session}`,
          `- Waiting messages: ${figures.queued}`,
        ].join("\n"),
      ),
    };
  },
};

export const whoami: Command = {
  name: "whoami",
  private: true,
  description: "Show your ids, for the operator's settings",
  changes: false,
  run: ({ event, route }) => ({
    reply: markdownContent(
      [
        `- You: \`${event.sender?.id ?? "unknown"}\`${event.sender?.username ? ` (@${event.sender.username})` : ""}`,
        `- Conversation: \`${event.conversation.id}\`${event.thread ? `, thread \`${event.thread}\`` : ""}`,
        `- Session: \`${route.session}\``,
      ].join("\n"),
    ),
  }),
};

export const newSession: Command = {
  name: "new",
  description: "Start a new conversation; the agent forgets this one",
  changes: true,
  run: ({ route }) => ({
    reply: markdownContent("A new conversation. What was said before is forgotten; your settings stay."),
    effects: [
      { type: "stop-turns", session: route.session },
      { type: "reset-session", session: route.session },
    ],
  }),
};

export const stop: Command = {
  name: "stop",
  description: "Stop the answer that is being written",
  changes: true,
  run: ({ route }) => ({
    reply: markdownContent("Stopped."),
    effects: [{ type: "stop-turns", session: route.session }],
  }),
};

function agentName(route: CommandContext["route"]): string {
  return route.agent.name ?? route.agent.id;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
