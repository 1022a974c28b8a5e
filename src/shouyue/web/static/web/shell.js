// What HTML cannot do by itself: dialogs from buttons, keys, toasts of htmx answers, an expired session.
"use strict";

const byId = (id) => document.getElementById(id);

// <button data-opens="id"> opens the dialog and, by the platform, gets the focus back when it closes.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) byId(opener.dataset.opens)?.showModal();
});

// A click on the backdrop closes a dialog: there the event's target is the dialog itself.
document.addEventListener("click", (event) => {
  if (event.target.localName === "dialog" && !event.target.firstElementChild.matches(":hover")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// Toasts.
function addClose(toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", toast.parentElement.dataset.close);
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}
function addUndo(toast, address) {
  const form = document.createElement("form");
  const token = document.createElement("input");
  const button = document.createElement("button");
  Object.assign(form, { method: "post", action: address });
  Object.assign(token, { type: "hidden", name: "csrfmiddlewaretoken", value: csrfToken() });
  Object.assign(button, { className: "undo", textContent: toast.parentElement.dataset.undo });
  form.append(token, button);
  toast.append(form);
}
function say(text, level, undo) {
  const toast = document.createElement("div");
  const words = document.createElement("span");
  toast.className = `toast ${level}`;
  words.textContent = text;
  toast.append(words);
  byId("messages").append(toast);
  if (undo) addUndo(toast, undo);
  addClose(toast);
}
document.querySelectorAll("#messages > .toast").forEach(addClose);
document.addEventListener("shouyue:messages", (event) => {
  for (const message of event.detail.messages) say(message.text, message.level, message.undo);
});
document.addEventListener("htmx:sendError", () => say(byId("messages").dataset.offline, "error"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) say(byId("messages").dataset.failed, "error");
});

// The session ended while the page was open: keep the page, sign in beside it.
document.addEventListener("shouyue:sign-in", () => byId("signed-out")?.showModal());
byId("sign-in-beside")?.addEventListener("click", () => byId("signed-out").close());

// Signing in makes a new token; a page that was open before must send the new one.
function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? "";
}
document.addEventListener("htmx:configRequest", (event) => {
  if (csrfToken()) event.detail.headers["X-CSRFToken"] = csrfToken();
});

// Esc closes the row that is open beside a list; the focus stays in the list.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const close = document.querySelector("#peek:not([hidden]) [data-peek-close]");
  if (!close) return;
  if (close.closest("#peek").contains(document.activeElement)) document.querySelector("tr.peeked a, row-keys a")?.focus();
  close.click();
});

// Keys press the controls that carry them; "?" lists them. Never while typing or composing.
const isTyping = (element) => element.closest?.("input, textarea, select, [contenteditable]");
function listKeys() {
  const list = byId("keys-list");
  list.replaceChildren();
  for (const control of document.querySelectorAll("[data-key]")) {
    const line = document.createElement("div");
    const key = document.createElement("dt");
    const words = document.createElement("dd");
    const cap = document.createElement("kbd");
    cap.textContent = control.dataset.key.toUpperCase();
    key.append(cap);
    words.textContent = (control.getAttribute("aria-label") || control.firstChild.textContent).trim();
    line.append(key, words);
    list.append(line);
  }
  if (list.childElementCount) byId("keys").showModal();
}
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?" && byId("keys")) {
    event.preventDefault();
    listKeys();
    return;
  }
  const control = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (control) {
    event.preventDefault();
    control.click();
  }
});

// <row-keys> around a table: up and down walk the rows' first links, Home and End jump.
class RowKeys extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
      const links = [...this.querySelectorAll("tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
      if (step === undefined || !links.length || isTyping(event.target)) return;
      const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
      const next = Math.min(Math.max(here + step, 0), links.length - 1);
      event.preventDefault();
      links[next].focus();
      // While a row is open beside the list, the row one walks to opens instead.
      if (byId("peek")?.hidden === false) links[next].closest("tr").querySelector("[data-peek]")?.click();
    });
    // Space on a row's link opens it beside the list.
    this.addEventListener("keydown", (event) => {
      if (event.key !== " " || !event.target.closest("a")) return;
      const peek = event.target.closest("tr")?.querySelector("[data-peek]");
      if (!peek) return;
      event.preventDefault();
      peek.click();
    });
  }
}
customElements.define("row-keys", RowKeys);
