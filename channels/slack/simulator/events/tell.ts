/** What the app is told, as Slack writes it. */
import { randomBytes } from "node:crypto";
import { type Interaction, nextId, type World } from "../world/world.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** An event of the Events API. `lane` is what must arrive in order: the channel. */
export function tellEvent(world: World, lane: string, event: Fields): void {
  const { app } = world;
  push(
    world,
    lane,
    () =>
      JSON.stringify({
        token: "simulator",
        team_id: app.team,
        context_team_id: app.team,
        context_enterprise_id: null,
        api_app_id: app.id,
        event,
        type: "event_callback",
        event_id: nextId(world, "Ev"),
        event_time: Math.floor(Date.now() / 1000),
        authorizations: [
          { enterprise_id: null, team_id: app.team, user_id: app.user, is_bot: true, is_enterprise_install: false },
        ],
        is_ext_shared_channel: false,
        event_context: nextId(world, "4-"),
      }),
    "events_api",
  );
}

export interface Handles {
  readonly triggerId: string;
  readonly responseUrl: string;
}

/** What an interaction can be answered by. `base` is the simulator's address. */
export function openInteraction(world: World, interaction: Interaction, base: string): Handles {
  const triggerId = `${nextId(world, "")}.${randomBytes(12).toString("hex")}`;
  const answer = randomBytes(16).toString("hex");
  world.triggers.open(triggerId, interaction);
  world.answers.open(answer, interaction);
  return { triggerId, responseUrl: `${base}/actions/${world.app.team}/${answer}` };
}

/** A press, a choice or a submitted form. */
export function tellInteraction(world: World, lane: string, payload: Fields): void {
  push(world, lane, () => new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), "interactive");
}

export function tellCommand(world: World, lane: string, fields: Readonly<Record<string, string>>): void {
  push(world, lane, () => new URLSearchParams(fields).toString(), "slash_commands");
}

/** The app has one way in, whichever workspace it is told of; channels of two workspaces may have one id. */
function push({ app, home, queue }: World, lane: string, write: () => string, to: string): void {
  if (!home) {
    queue.push(lane, write, to);
    return;
  }
  home.queue.push(`${app.team} ${lane}`, write, to);
  home.journal.flush();
}
