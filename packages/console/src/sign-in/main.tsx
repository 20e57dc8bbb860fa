/**
 * Where people sign in: with a password, a passkey or an account elsewhere, with the link of an invitation, with the link for a new password; then they
 * choose whom to work for. The links' secrets stand after the hash and are taken off the address at once.
 */
import "../shared/base.css";
import "../shared/forms.css";
import { button, element, field, form, say } from "../shared/elements.ts";
import { ask, type Session, session } from "./auth.ts";
import { KNOWS_PASSKEYS, signInWithPasskey } from "./passkeys.ts";
import { providerButtons, refusal } from "./providers.ts";
import { useWallet, wallet } from "./wallet.ts";
import { waysToSignIn } from "./ways.ts";

const root = document.getElementById("root") as HTMLElement;
const [what, secret] = location.hash.slice(1).split("=");
history.replaceState(null, "", location.pathname);

function show(...content: Node[]): void {
  root.replaceChildren(element("h1", "Switchboard"), ...content);
  root.querySelector("input")?.focus();
}

async function start(): Promise<void> {
  const present = await session();
  if (what === "reset" && secret) return showReset(secret);
  if (what === "invitation" && secret) return showInvitation(secret, present);
  if (present.person) await showSignedIn(present);
  else showSignIn(present);
  // Somebody who comes back from elsewhere and was not let in.
  const why = what === "refused" && secret ? refusal(secret) : undefined;
  if (why !== undefined) say(root, why);
}

function showSignIn({ ways }: Session, then?: () => Promise<void>): void {
  const signedIn = async () => {
    await then?.();
    await showSignedIn(await session());
  };
  const email = field("E-mail address", "email", "username");
  const password = field("Password", "password", "current-password");
  show(
    form("Sign in", [email, password], async () => {
      await ask("/sign-in", { email: email.value, password: password.value });
      await signedIn();
    }),
    ...(ways.passkeys && KNOWS_PASSKEYS
      ? [button("Sign in with a passkey", () => signInWithPasskey().then(signedIn))]
      : []),
    ...(ways.ethereum.length > 0 && wallet()
      ? [button("Sign in with Ethereum", () => useWallet("sign-in").then(signedIn))]
      : []),
    ...(then ? [] : providerButtons(ways.providers)),
    ...(ways.signUp === "open" && !then ? [button("Make an account", showSignUp)] : []),
  );
}

function showSignUp(): void {
  const name = field("Your name", "text", "name");
  const email = field("E-mail address", "email", "username");
  const password = field("Password, at least 10 characters", "password", "new-password");
  show(
    form("Make an account", [name, email, password], async () => {
      await ask("/sign-up", { name: name.value, email: email.value, password: password.value });
      showSignIn(await session());
      say(root, "If this address was free, the account is there. Sign in.");
    }),
  );
}

async function showInvitation(invitation: string, present: Session): Promise<void> {
  const offer = await ask("/invitation", { invitation });
  const accept = () => ask("/invitation/accept", { invitation }).then(() => {});
  const line = element("p", `You are invited to ${offer.tenant} as ${offer.role}, with the address ${offer.email}.`);
  if (present.person) {
    const enter = button(`Join ${offer.tenant}`, async () => {
      await accept();
      await showSignedIn(await session());
    });
    show(line, element("p", `You are signed in as ${present.person.email}.`), enter, signOut());
    return;
  }
  const name = field("Your name", "text", "name");
  const password = field("A password, at least 10 characters", "password", "new-password");
  const join = form(`Join ${offer.tenant}`, [name, password], async () => {
    await ask("/sign-up", { invitation, name: name.value, password: password.value });
    await showSignedIn(await session());
  });
  show(
    line,
    join,
    ...providerButtons(present.ways.providers, { invitation }),
    button("I have an account", () => showSignIn(present, accept)),
  );
}

function showReset(token: string): void {
  const password = field("New password, at least 10 characters", "password", "new-password");
  show(
    form("Set the password", [password], async () => {
      await ask("/password/reset", { token, newPassword: password.value });
      showSignIn(await session());
      say(root, "The password is set. Sign in with it.");
    }),
  );
}

async function showSignedIn(present: Session): Promise<void> {
  const { person, tenant, tenants = [] } = present;
  const rows = tenants.map((each) => {
    const chosen = each.id === tenant;
    const choose = button(chosen ? "chosen" : "choose", async () => {
      await ask("/tenant", { tenant: each.id });
      await showSignedIn(await session());
    });
    choose.disabled = chosen || each.suspended;
    const row = element("li", `${each.name} — ${each.role}${each.suspended ? ", suspended" : ""} `);
    row.append(choose);
    return row;
  });
  const list = element("ul", "");
  list.append(...rows);
  const everywhere = button("Sign out everywhere", () => leave("/sign-out-everywhere"));
  show(
    element("p", `Signed in as ${person?.name} (${person?.email}).`),
    rows.length > 0 ? list : element("p", "You belong to no tenant. Ask for an invitation."),
    await waysToSignIn(present, async () => showSignedIn(await session())),
    signOut(),
    everywhere,
  );
}

function signOut(): HTMLButtonElement {
  return button("Sign out", () => leave("/sign-out"));
}

async function leave(path: string): Promise<void> {
  await ask(path, {});
  showSignIn(await session());
}

start().catch((error: unknown) => {
  show();
  say(root, String((error as Error).message));
});
