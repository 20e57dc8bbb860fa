/** What pages of agents must not be able to do. */

/**
 * A script that tries everything a page in the sandbox must not be able to do, and tells what came of it: in
 * `window.tried` when the title is `done`. `window.where` says where to try: `{ gateway, elsewhere }`.
 */
export const PROBE = `
const tried = {};
const attempt = async (name, work) => {
  try { tried[name] = String(await work()); } catch (error) { tried[name] = "refused " + error.name; }
};
const within = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(no, 5000, new Error("late")))]);
const socket = (url) => within(new Promise((yes, no) => {
  const line = new WebSocket(url);
  line.onopen = () => yes("open");
  line.onerror = () => no(new Error("closed"));
}));
(async () => {
  const { gateway, elsewhere } = window.where;
  await attempt("origin", () => self.origin);
  await attempt("cookie", () => document.cookie);
  await attempt("localStorage", () => localStorage.length);
  await attempt("indexedDB", () => within(new Promise((yes, no) => {
    const open = indexedDB.open("x"); open.onsuccess = () => yes("open"); open.onerror = () => no(open.error);
  })));
  await attempt("parent", () => parent === self ? (() => { throw new Error("top") })() : parent.document.title);
  await attempt("session", () => fetch(gateway + "/session", { credentials: "include" }).then((answer) => answer.text()));
  await attempt("health", () => fetch(gateway + "/healthz", { mode: "no-cors" }).then((answer) => answer.type));
  await attempt("websocket", () => socket(gateway.replace("http", "ws")));
  await attempt("elsewhere", () => fetch(elsewhere + "/fetch", { mode: "no-cors" }).then((answer) => answer.type));
  await attempt("image", () => within(new Promise((yes, no) => {
    const image = new Image(); image.onload = () => yes("loaded"); image.onerror = () => no(new Error("blocked"));
    image.src = elsewhere + "/image.png";
  })));
  await attempt("beacon", () => navigator.sendBeacon(elsewhere + "/beacon", "x"));
  await attempt("popup", () => window.open(elsewhere + "/popup") ? "open" : (() => { throw new Error("blocked") })());
  await attempt("own data", () => fetch("data/own.json").then((answer) => answer.json()).then((found) => found.value));
  await attempt("own module", () => import("./module.js").then((found) => found.value));
  document.title = "done";
  window.tried = tried;
})();
`;

/** What must have been refused of it. */
export const REFUSED = [
  "cookie",
  "localStorage",
  "indexedDB",
  "parent",
  "session",
  "health",
  "websocket",
  "elsewhere",
  "image",
  "popup",
];
