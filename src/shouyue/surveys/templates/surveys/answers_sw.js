// Shows the answer page again when there is no network. It forgets a page once its answers were sent.
"use strict";

const PAGES = "answer-pages", PARTS = "answer-parts";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { page, keep, forget } = event.data;
  if (forget) event.waitUntil(caches.open(PAGES).then((cache) => cache.delete(page)));
  if (keep) {
    const pages = caches.open(PAGES).then((cache) => cache.add(new Request(page, { cache: "reload" })));
    const parts = caches.open(PARTS).then((cache) => cache.addAll(keep));
    event.waitUntil(Promise.all([pages, parts]));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const again = () => caches.match(request, { ignoreVary: true, ignoreSearch: true, cacheName: PAGES });
    event.respondWith(fetch(request).catch(() => again().then((found) => found ?? Response.error())));
  } else if (pathname.startsWith("/static/") || pathname.startsWith("/a/pictures/")) {
    event.respondWith(caches.match(request, { ignoreVary: true, cacheName: PARTS }).then((found) => found ?? fetch(request)));
  }
});
