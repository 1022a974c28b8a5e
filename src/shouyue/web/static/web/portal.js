// The portal beyond HTML: the service worker, the wait before another code, and leaving a page that lies idle.
"use strict";

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" }).catch(() => undefined);

// Another code only after a while: the server says so too; the button says it first.
for (const form of document.querySelectorAll("form[data-wait-seconds]")) {
  const button = form.querySelector("button");
  const words = button.textContent;
  const until = Date.now() + Number(form.dataset.waitSeconds) * 1000;
  const tell = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${words} (${left})` : words;
    if (left > 0) setTimeout(tell, 1000);
  };
  tell();
}

// The session ended by idleness: ask the server, which shows sign-in, instead of leaving a member's page on the table.
const idle = Number(document.body.dataset.idleSeconds);
if (idle) {
  const due = Date.now() + (idle + 2) * 1000;
  const leave = () => { if (Date.now() >= due) location.reload(); };
  setTimeout(leave, (idle + 2) * 1000 + 50);
  // Timers sleep with the phone.
  document.addEventListener("visibilitychange", leave);
}
