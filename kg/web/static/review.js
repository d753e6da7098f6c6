// The review by keyboard: one key is one decision. The page works without this script; with it nothing is loaded anew but what changed.
"use strict";

const live = document.getElementById("live");
const HEADERS = { Accept: "text/html" };
let busy = false;
let warned = false;
let shown = location.pathname + location.search;

const record = () => document.getElementById("record");
const form = () => document.getElementById("form");
const press = (value) => form()?.querySelector(`button[name=do][value=${value}]`);
const judged = (value) => document.querySelector(`.judgement button[value^="${value}"]`);

// What a screen reader is told: what was done, and what lies there now.
function say(text) {
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 30);
}

function heading() {
  return record()?.querySelector("h1")?.textContent.replace(/\s+/g, " ") ?? "";
}

// The candidate comes into view in the document, the record to its beginning.
function settle(focus) {
  const now = document.getElementById("now");
  const source = now?.closest(".source");
  if (source) source.scrollTop += now.getBoundingClientRect().top - source.getBoundingClientRect().top - source.clientHeight / 3;
  const wrong = document.querySelector(".record [aria-invalid=true]");
  if (focus) (wrong ?? record())?.focus({ preventScroll: !wrong });
  warned = false;
  count();
}

// Ask the server, and put its page in the place of this one.
async function load(address, options = {}) {
  if (busy) return;
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: HEADERS, ...options });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return say(await answer.text());
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 503) return trouble(page);
    for (const part of ["header.site", "main"]) document.querySelector(part).replaceWith(page.querySelector(part));
    document.title = page.title;
    if (answer.ok && answer.url !== location.href) history.pushState(null, "", answer.url);
    shown = location.pathname + location.search;
    const told = document.querySelector("[data-say]")?.dataset.say;
    settle(true);
    say([options.method === "POST" && told ? `${told}.` : "", document.querySelector(".progress label")?.textContent, heading()].filter(Boolean).join(" "));
  } catch {
    say("The server does not answer: is kg review still running?");
    location.assign(address); // the browser tells it better than we could
  } finally {
    busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

// The case cannot be read: what was typed stays, and above it stands why.
function trouble(page) {
  const why = page.querySelector(".problem");
  document.querySelector("main > .problem")?.remove();
  document.querySelector("main").prepend(why);
  say(why.textContent);
}

function send(sent, button) {
  const body = new URLSearchParams(new FormData(sent, button));
  return load(sent.getAttribute("action"), { method: "POST", body });
}

// Whether something was typed that is not saved.
function edited() {
  const fields = form() ? [...form().elements] : [];
  return fields.some((one) => (one.type === "checkbox" ? one.checked !== one.defaultChecked : one.type === "select-one"
    ? ![...one.options].some((option) => option.selected && option.defaultSelected) && one.selectedIndex > 0
    : "defaultValue" in one && one.type !== "hidden" && one.value !== one.defaultValue));
}

function move(id) {
  const link = document.getElementById(id);
  if (!link) return say(id === "after" ? "There is no next one." : "There is none before.");
  if (edited() && !warned) {
    warned = true;
    return say("You typed something that is not saved: s saves it, the same key again leaves it.");
  }
  load(link.href);
}

const KEYS = {
  a: () => press("accept")?.click(),
  r: () => press("reject")?.click(),
  s: () => (press("save") ?? judged("same:"))?.click(),
  d: () => judged("different")?.click(),
  e: () => form()?.querySelector("textarea, input:not([type=hidden])")?.focus(),
  m: () => document.getElementById("f-into")?.focus(),
  u: () => document.getElementById("undo")?.click(),
  j: () => move("after"),
  k: () => move("before"),
  ArrowRight: () => move("after"),
  ArrowLeft: () => move("before"),
  "?": () => {
    const keys = document.getElementById("keys");
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  },
};

const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") record()?.focus({ preventScroll: true });
    else if (event.key === "Enter" && event.ctrlKey) press("accept")?.click();
    else return;
    event.preventDefault();
  } else if (!event.ctrlKey && Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    if (!event.repeat) KEYS[event.key](); // a key held down is one decision, not many
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".source mark a, .moves a, .others a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  load(link.href);
});

// In the field into which a speaker is merged, Enter merges and does not accept.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "f-into" || event.key !== "Enter" || event.ctrlKey) return;
  event.preventDefault();
  press("merge").click();
});

// A list of fields has always one that is empty.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.id === "f-quote") return count();
  const several = field.closest(".several");
  if (!several || !field.value || field !== [...several.querySelectorAll("input")].at(-1)) return;
  const another = field.cloneNode();
  another.value = "";
  another.removeAttribute("value");
  another.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, (number) => Number(number) + 1));
  field.after(another);
});

function count() {
  const quote = document.getElementById("f-quote");
  if (!quote) return;
  const words = quote.value.match(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)?/gu)?.length ?? 0;
  document.getElementById("quoted").textContent = words ? `(${words})` : "";
}

// Back and forward; the skip link, which only changes the fragment, is none of both.
addEventListener("popstate", () => location.pathname + location.search === shown || load(location.href));
settle(false);
