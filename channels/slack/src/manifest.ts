/** The app's manifest: everything that one would otherwise click together at api.slack.com. Pure. */
import type { AppsManifestCreateArguments } from "@slack/web-api";
import type { Manifest, ManifestOptions } from "@switchboard/domain";
import { CHANNEL_COMMAND } from "./interaction.ts";
import { EVENTS, SCOPE_NAMES } from "./scopes.ts";

/** As JSON, for "Create New App" → "From a manifest". See docs.slack.dev/reference/app-manifest. */
export function manifest({ commands, name, redirectUrl, webhookUrl }: ManifestOptions): Manifest {
  const address = webhookUrl === undefined ? {} : { url: webhookUrl };
  const request = webhookUrl === undefined ? {} : { request_url: webhookUrl };
  const hint = commands.map((command) => command.name).join(" | ");
  const app: AppsManifestCreateArguments["manifest"] = {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: { name: name.slice(0, 35), description: "An AI agent, by Switchboard." },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name.slice(0, 80), always_online: true },
      slash_commands: [
        {
          command: `/${CHANNEL_COMMAND}`,
          ...address,
          description: "Give the agent a command",
          usage_hint: hint.slice(0, 1_000) || "help",
          should_escape: false,
        },
      ],
    },
    oauth_config: {
      ...(redirectUrl !== undefined && { redirect_urls: [redirectUrl] }),
      scopes: { bot: [...SCOPE_NAMES] },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: [...EVENTS] },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: webhookUrl === undefined,
      token_rotation_enabled: false,
    },
  };
  return { type: "application/json", body: `${JSON.stringify(app, null, 2)}\n` };
}
