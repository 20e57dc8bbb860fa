/** Signing in with a wallet that was added before, and adding one. Nothing of it is there unless it is configured. */
import { SwitchboardError } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import { giveBrowser, takeOfBrowser } from "./browser-secret.ts";
import { newShortId } from "./secrets.ts";
import { startSession } from "./session-start.ts";
import type { AuthContext } from "./visit.ts";

/** As the table of accounts names it. */
export const WALLETS = "ethereum";
const LIFETIME_MS = 5 * 60_000;
const closed = { additionalProperties: false } as const;
const Message = Type.Object(
  {
    address: Type.String({ pattern: "^0x[0-9a-fA-F]{40}$" }),
    chain: Type.Integer({ minimum: 1 }),
    /** To the account that is signed in. */
    add: Type.Optional(Type.Boolean()),
  },
  closed,
);
const Signature = Type.Object({ signature: Type.String({ pattern: "^0x[0-9a-fA-F]{130}$" }) }, closed);

/** Loaded when the first wallet comes. */
const library = () => import("./wallet.ts");

export function walletRoutes({ guessing, people, post }: AuthContext): void {
  const { challenges, newcomers, now, settings } = people;
  const { chains, enabled } = settings.ethereum;
  if (!enabled) return;

  post("/wallet/message", Message, async (visit, { add = false, address, chain }, reply) => {
    if (!chains.includes(chain)) {
      throw new SwitchboardError("REQ_001", `Nobody signs in here on the chain ${chain}.`, {
        action: `Switch the wallet to one of: ${chains.join(", ")}.`,
      });
    }
    await guessing.beginLink(visit.request, "challenge");
    const person = add ? (await visit.signedInLately()).person : undefined;
    const issuedAt = now();
    const message = (await library()).messageFor({
      address,
      chain,
      root: visit.root,
      statement: person ? `Add this account to ${person.email} at Switchboard.` : "Sign in to Switchboard.",
      nonce: `${newShortId()}${newShortId()}`,
      issuedAt,
      expiresAt: issuedAt + LIFETIME_MS,
    });
    const begun = { message, address: address.toLowerCase(), root: visit.root, person: person?.id };
    giveBrowser(reply, visit.root, "wallet", await challenges.begin("wallet", begun, LIFETIME_MS));
    return { message };
  });

  post("/wallet/sign-in", Signature, async (visit, { signature }, reply) => {
    await guessing.begin(visit.request);
    const secret = takeOfBrowser(visit.request, reply, visit.root, "wallet");
    const begun = secret === undefined ? undefined : await challenges.take("wallet", secret);
    if (!begun || begun.person !== undefined || begun.root !== visit.root) throw notAccepted();
    if ((await library()).signerOf(begun.message, signature) !== begun.address) throw notAccepted();
    const person = await newcomers.known(WALLETS, begun.address);
    if (person === undefined) {
      throw new SwitchboardError("REQ_005", "Nobody here has this wallet.", {
        action: "Sign in another way, then add the wallet.",
      });
    }
    await startSession(visit, person, reply);
  });

  post("/wallet/add", Signature, async (visit, { signature }, reply) => {
    const { person } = await visit.signedInLately();
    const secret = takeOfBrowser(visit.request, reply, visit.root, "wallet");
    const begun = secret === undefined ? undefined : await challenges.take("wallet", secret);
    if (begun?.person !== person.id || begun.root !== visit.root) throw notAccepted();
    if ((await library()).signerOf(begun.message, signature) !== begun.address) throw notAccepted();
    const id = await newcomers.link(person.id, WALLETS, begun.address);
    await people.noteOfPerson(person.id, "sign-in.wallet-added", id);
    return { id };
  });
}

function notAccepted(): SwitchboardError {
  return new SwitchboardError("REQ_005", "This signature was not accepted.", {
    action: "Begin again, and sign what the wallet shows.",
  });
}
