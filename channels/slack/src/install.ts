/** One app in many workspaces: each lets it in on Slack's page (docs.slack.dev/authentication/installing-with-oauth). */
import {
  type AccountId,
  type Install,
  type Installed,
  type InstallRequest,
  type SharedApp,
  SwitchboardError,
} from "@switchboard/domain";
import { bodyOf, wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";
import { isUser, peerId } from "./ids.ts";
import { scopesFor } from "./scopes.ts";
import { isOf } from "./whose.ts";

/** Events come over the app's sockets or are signed with the app's secret, whichever workspace they are of. */
export const app: SharedApp<SlackConfig> = {
  credentials: ({ appToken, signingSecret }) => [
    ...(appToken === undefined ? [] : [`socket ${appToken}`]),
    ...(signingSecret === undefined ? [] : [`signature ${signingSecret}`]),
  ],
  isOf: ({ payload }, self) => isOf(payload, self),
};

export const install: Install<SlackConfig> = {
  own: ["botToken", "refreshToken"],
  authorizeUrl({ config, redirectUrl, state }) {
    const { clientId } = client(config);
    const url = new URL("../oauth/v2/authorize", config.baseUrl.endsWith("/") ? config.baseUrl : `${config.baseUrl}/`);
    url.search = new URLSearchParams({
      client_id: clientId,
      scope: Object.keys(scopesFor(config)).join(","),
      redirect_uri: redirectUrl,
      state,
    }).toString();
    return url.toString();
  },
  async complete({ code, config, redirectUrl, signal }): Promise<Installed> {
    const { clientId, clientSecret } = client(config);
    const { SlackApi } = await import("./api.ts");
    const answer = await new SlackApi(config).call(
      "oauth.v2.access",
      { client_id: clientId, client_secret: clientSecret, code, redirect_uri: redirectUrl },
      { signal, token: "" },
    );
    if (answer.is_enterprise_install === true) {
      throw new SwitchboardError(
        "REQ_001",
        "The app was installed in a whole organisation; install it in a workspace.",
      );
    }
    const team = bodyOf(answer.team);
    const id = wordOf(team.id);
    const botToken = wordOf(answer.access_token);
    if (id === undefined || botToken === undefined || !isUser(answer.bot_user_id)) {
      throw new SwitchboardError("CONN_001", "Slack's answer names no workspace, no bot or no token.", {
        scope: "account",
      });
    }
    const refreshToken = wordOf(answer.refresh_token);
    return {
      account: id.toLowerCase() as AccountId,
      self: { id: peerId(answer.bot_user_id), space: id },
      title: wordOf(team.name) ?? id,
      config: { botToken, ...(refreshToken !== undefined && { refreshToken }) },
    };
  },
};

/** @throws REQ_001. */
function client({ clientId, clientSecret }: InstallRequest<SlackConfig>["config"]) {
  if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  throw new SwitchboardError(
    "REQ_001",
    "Installing needs the app's clientId and clientSecret in the account's config.",
    {
      action: "Copy both from Basic Information at api.slack.com and add them to the account.",
    },
  );
}
