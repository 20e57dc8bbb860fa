/** Puts the page together and keeps it up to date. */
import { ChatList } from "./chat-list.ts";
import { Conversation } from "./conversation.ts";
import { complain } from "./notices.ts";
import { act, listen } from "./server.ts";
import { Store } from "./store.ts";

const store = new Store();
const chatList = new ChatList(store);
const conversation = new Conversation(store);
document.body.append(chatList.element, conversation.element);

store.subscribe(() => {
  chatList.render();
  if (store.ready) conversation.render();
  document.body.classList.toggle("talking", store.open !== undefined);
});

/** Everybody has a chat with the bot, also before the first word in it. */
async function start(): Promise<void> {
  await store.load();
  const wanted = new URLSearchParams(location.search);
  const name = wanted.get("person") ?? [...store.people.values()][0]?.name ?? "Ada";
  await act({ kind: "person", name });
  await store.load();
  const person = [...store.people.values()].find((one) => one.name === name);
  if (person) store.play(person.id);
  const chat =
    wanted.get("chat") ?? (matchMedia("(min-width: 700px)").matches ? store.visibleChats()[0]?.id : undefined);
  if (chat !== undefined) await store.show({ chat });
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
