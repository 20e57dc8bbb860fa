/** The person's ways to sign in: what there is, adding and removing. */

import { button, element, field, form } from "../shared/elements.ts";
import { ask, credentials, type Session } from "./auth.ts";
import { addPasskey, KNOWS_PASSKEYS } from "./passkeys.ts";
import { providerButtons } from "./providers.ts";
import { useWallet, wallet } from "./wallet.ts";

/** `again`: shows the page anew, with what is there now. */
export async function waysToSignIn({ ways }: Session, again: () => Promise<void>): Promise<HTMLElement> {
  const section = element("section", "");
  section.append(element("h2", "Ways to sign in"));
  const { linked, passkeys, password } = await credentials();
  const list = element("ul", "");
  if (password) list.append(element("li", "Password"));
  for (const { id, name } of passkeys) {
    const row = element("li", `Passkey: ${name} `);
    const rename = button("rename", () => {
      const wanted = field("Name of the passkey", "text", "off");
      wanted.value = name;
      row.replaceChildren(
        form("Rename", [wanted], async () => {
          await ask("/passkeys/rename", { id, name: wanted.value });
          await again();
        }),
      );
      wanted.focus();
    });
    row.append(rename, remove(id, `Passkey ${name}`, again));
    list.append(row);
  }
  for (const { id, name, subject } of linked) {
    const row = element("li", `${name}: ${subject} `);
    row.append(remove(id, `${name} ${subject}`, again));
    list.append(row);
  }
  section.append(list);
  if (ways.passkeys && KNOWS_PASSKEYS) {
    const add = button("Add a passkey", async () => {
      await addPasskey(`Passkey ${new Date().toLocaleDateString()}`);
      await again();
    });
    section.append(add);
  }
  const missing = ways.providers.filter(({ name }) => linked.every((each) => each.name !== name));
  section.append(...providerButtons(missing, { add: true }));
  if (ways.ethereum.length > 0 && wallet()) {
    section.append(button("Add this browser's wallet", () => useWallet("add").then(again)));
  }
  return section;
}

function remove(id: string, what: string, again: () => Promise<void>): HTMLButtonElement {
  const made = button("remove", async () => {
    await ask("/credentials/remove", { id });
    await again();
  });
  made.ariaLabel = `Remove ${what}`;
  return made;
}
