/** A user as Discord shows one, with every field that its description asks for. */
import type { APIUser } from "discord-api-types/v10";

export function userOf(id: string, username: string, name: string, bot: boolean): APIUser {
  return {
    id,
    username,
    discriminator: "0",
    global_name: name,
    avatar: null,
    public_flags: 0,
    flags: 0,
    primary_guild: null,
    ...(bot && { bot }),
  } as unknown as APIUser;
}
