/** Where people come back to from the platform's page on which they let an app in. It says how that went. */
import { type Installs, LOGIN_STATE, type Log, type Logins } from "@switchboard/core";
import { type ChannelId, toErrorRecord } from "@switchboard/domain";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import { fromFastify } from "./answers.ts";

interface Options {
  readonly installs: Pick<Installs, "complete">;
  readonly logins: Pick<Logins, "returned">;
  readonly log: Log;
}

/** What the names of such cookies begin with. */
export const LOGIN_COOKIE = "switchboard_login_";

type Query = Readonly<Record<string, unknown>>;

/** Longer is no platform's. */
const LONGEST = 2_048;

export function installRoutes({ installs, log, logins }: Options): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { channel: string }; Querystring: Query }>(
      "/install/:channel",
      // Asking what there is must not use the code up.
      { exposeHeadRoute: false },
      async ({ headers, params, query }, reply) => {
        const state = word(query.state) ?? "";
        try {
          if (state.startsWith(LOGIN_STATE)) {
            const { text } = await logins.returned(params.channel as ChannelId, {
              state,
              code: word(query.code),
              error: word(query.error),
              browsers: loginCookies(headers.cookie),
            });
            return page(reply, 200, "Back at the gateway", [text, "You can close this page."]);
          }
          const { ref, replaced, title } = await installs.complete(params.channel as ChannelId, {
            state,
            code: word(query.code),
            error: word(query.error),
          });
          const name = `${ref.channel}:${ref.account}`;
          log.info({ channel: ref.channel, account: ref.account, replaced }, "an account was installed");
          return page(reply, 200, "Connected", [
            `${title} is connected as ${name}.`,
            "You can close this page. How it is doing: switchboard channels status",
          ]);
        } catch (thrown) {
          const error = fromFastify(thrown);
          const about = { channel: params.channel, error: toErrorRecord(error) };
          // Anybody can come without a state that is good: that shall fill no log.
          if (error.code === "SEC_002") log.debug(about, "somebody came back with nothing that is known here");
          else log.warn(about, "an installation came to nothing");
          return page(reply, error.http, "Not connected", [`${error.code}: ${error.message}`, error.action]);
        }
      },
    );
  };
}

/** What browsers that began a login were given. */
function loginCookies(header = ""): string[] {
  const pairs = header.split(";").map((each) => each.trim());
  return pairs.filter((each) => each.startsWith(LOGIN_COOKIE)).map((each) => each.split("=")[1] ?? "");
}

function word(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= LONGEST ? value : undefined;
}

/** The address holds a code: the page is kept nowhere, tells nobody where it was, and loads and runs nothing. */
function page(reply: FastifyReply, status: number, title: string, lines: readonly string[]): FastifyReply {
  const text = lines.map((line) => `<p>${escaped(line)}</p>`).join("");
  return reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .header(
      "content-security-policy",
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    )
    .header("referrer-policy", "no-referrer")
    .header("x-content-type-options", "nosniff")
    .header("x-frame-options", "DENY")
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${text}</html>`,
    );
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
