/** Begins the library's sessions for people who proved to us who they are, in a way that the library does not know. */
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";

/** Has no path: only our own code calls it, nothing that comes in does. */
const beginSession = createAuthEndpoint(
  { method: "POST", metadata: { $Infer: { body: {} as { readonly person: string } } } },
  async (context) => {
    const { internalAdapter } = context.context;
    const user = await internalAdapter.findUserById(context.body.person);
    if (!user) throw context.error("UNAUTHORIZED", { message: "This account is gone" });
    const session = await internalAdapter.createSession(user.id);
    await setSessionCookie(context, { session, user });
    return { ok: true };
  },
);

export const ownSessions = { id: "own-sessions", endpoints: { beginSession } };
