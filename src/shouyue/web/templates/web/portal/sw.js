// Shows a page of its own when there is no network. It keeps that page and static files, never a member's page.
"use strict";

const KEPT = {{ kept|safe }};
const CACHE = "portal-{{ mark }}";

self.addEventListener("install", (event) => {
  const fresh = [KEPT.offline, ...KEPT.files].map((url) => new Request(url, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const forget = (names) => Promise.all(names.filter((name) => name.startsWith("portal-") && name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(KEPT.offline, { ignoreVary: true })));
    return;
  }
  const { origin, pathname, search } = new URL(request.url);
  if (request.method === "GET" && origin === self.location.origin && KEPT.files.includes(pathname + search)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found || fetch(request)));
  }
});
