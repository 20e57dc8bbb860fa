/** Tokens that expire (docs.slack.dev/authentication/using-token-rotation): the call that renews them. */
import { Renewal, type Renewed } from "@switchboard/channel-kit/renewal";
import { type AccountContext, SwitchboardError } from "@switchboard/domain";
import type { SlackApi } from "./api.ts";
import { wordOf } from "./body.ts";
import type { SlackConfig } from "./config.ts";

/** `undefined` for an account without a refresh token: its token lasts. @throws CFG_001. */
export function renewalOf(api: SlackApi, context: AccountContext<SlackConfig>): Renewal | undefined {
  const { clientId, clientSecret, refreshToken } = context.config;
  if (refreshToken === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined) {
    throw new SwitchboardError("CFG_001", "A refresh token needs the app's clientId and clientSecret with it.", {
      scope: "account",
    });
  }
  return new Renewal({
    context,
    refreshToken,
    callMs: context.config.requestTimeoutMs,
    call: async (refresh, signal) => {
      const app = { client_id: clientId, client_secret: clientSecret };
      const fields = { ...app, grant_type: "refresh_token", refresh_token: refresh };
      return read(await api.call("oauth.v2.access", fields, { signal, token: "" }));
    },
    use: (access) => api.renew(access),
  });
}

function read(answer: Readonly<Record<string, unknown>>): Renewed {
  const access = wordOf(answer.access_token);
  const refresh = wordOf(answer.refresh_token);
  const seconds = answer.expires_in;
  if (access === undefined || refresh === undefined || typeof seconds !== "number") {
    throw new SwitchboardError("CONN_001", "Slack renewed no token.", { scope: "account" });
  }
  return { access, refresh, until: Date.now() + seconds * 1000 };
}
