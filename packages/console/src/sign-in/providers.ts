/** Signing in somewhere else: the browser goes there, and comes back to this page. */

import { button } from "../shared/elements.ts";
import { ask, type Provider } from "./auth.ts";

/** What stands after the hash of the address when somebody came back and was not let in. */
const REFUSED: Readonly<Record<string, string>> = {
  failed: "That did not work. Begin again here.",
  cancelled: "Nobody was signed in, as you wished.",
  unverified: "That account has no e-mail address that was verified there. Verify it there, then try again.",
  domain: "People with that e-mail address do not sign in here. Choose another account there.",
  closed: "Nobody makes an account here any more.",
  uninvited: "You need an invitation for that e-mail address: open its link, then choose the same way to sign in.",
  known: "There is an account with that e-mail address already. Sign in as you did before, then add this way.",
  taken: "That account there belongs to somebody else here. Sign out, and sign in with it.",
  "other-address": "That account there has another e-mail address than yours here. Choose one with the same address.",
};

/** Words for the person; `undefined` for what this page does not know. */
export function refusal(reason: string): string | undefined {
  return Object.hasOwn(REFUSED, reason) ? REFUSED[reason] : undefined;
}

/** `more`: the invitation that is accepted on the way, or that it is added to the account that is signed in. */
export function providerButtons(
  providers: readonly Provider[],
  more: { readonly invitation?: string; readonly add?: true } = {},
): readonly HTMLButtonElement[] {
  return providers.map(({ id, name }) =>
    button(more.add ? `Add ${name}` : `Continue with ${name}`, async () => {
      const { address = "" } = await ask("/provider/start", { provider: id, ...more });
      location.assign(address);
    }),
  );
}
