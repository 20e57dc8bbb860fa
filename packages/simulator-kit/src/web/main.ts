/** Puts the page together and keeps it up to date. */
import { ChatList } from "./chat-list.ts";
import { Conversation } from "./conversation.ts";
import { h } from "./dom.ts";
import { showForm } from "./menus.ts";
import { complain } from "./notices.ts";
import { act, listen } from "./server.ts";
import { Store } from "./store.ts";

const store = new Store();
const chatList = new ChatList(store);
const conversation = new Conversation(store);
const title = h("h1", { class: "unseen" }, document.title);
document.body.append(h("main", { class: "app" }, title, chatList.element, conversation.element));

store.onForm = (form) => void showForm(store, form);

store.subscribe(() => {
  chatList.render();
  if (store.ready) conversation.render();
  document.body.classList.toggle("talking", store.open !== undefined);
});

/** Everybody has a chat with the account, also before the first word in it. */
async function start(): Promise<void> {
  await store.load();
  const wanted = new URLSearchParams(location.search);
  const name = wanted.get("person") ?? [...store.people.values()][0]?.name ?? "Ada";
  await act({ kind: "person", name });
  await store.load();
  const person = [...store.people.values()].find((one) => one.name === name);
  if (person) store.play(person.id);
  const chat = wanted.get("chat") ?? (matchMedia("(min-width: 480px)").matches ? firstChat() : undefined);
  if (chat !== undefined) await store.show({ chat });
}

/**
 * Where the last word fell; before the first one, the chat with the account. Who never looked is not shown what people
 * said among themselves: in the chat with the account everything is answered.
 */
function firstChat(): string | undefined {
  const chats = store.visibleChats();
  const spoken = chats.find(({ kind, last }) => {
    if (last === undefined || last.service !== undefined) return false;
    return !store.isNewcomer || last.fromAccount || kind === "direct";
  });
  return (spoken ?? chats.find(({ kind }) => kind === "direct"))?.id;
}

let started = false;
listen(
  (events) => store.apply(events),
  (online) => {
    const back = online && !store.online;
    store.online = online;
    store.changed();
    if (!back) return;
    const work = started ? store.load() : start();
    started = true;
    work.catch(complain);
  },
);
document.addEventListener("visibilitychange", () => store.markRead());
