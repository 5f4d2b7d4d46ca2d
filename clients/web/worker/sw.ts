// The page without a network: its own files, as they were last.
//
// What has a hash in its name never changes and is taken from here; the rest is
// asked for, and taken from here when nobody answers. Other origins and calls
// pass by.

export {};
declare const self: ServiceWorkerGlobalScope;

const CACHE = "parlor";
const SHELL = "/";
/** How long the network has for the page before it is taken from here. */
const PATIENCE_MS = 3_000;

const isHashed = (url: URL): boolean => url.pathname.startsWith("/assets/");

async function fetchAndKeep(request: Request, key: string): Promise<Response> {
  const answer = await fetch(request, {
    signal: AbortSignal.timeout(PATIENCE_MS),
  });

  if (answer.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(key, answer.clone());
  }
  return answer;
}

async function keptFirst(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetchAndKeep(request, request.url);
}

async function networkFirst(request: Request, key: string): Promise<Response> {
  try {
    return await fetchAndKeep(request, key);
  } catch (error) {
    const answer = await caches.match(key);

    if (answer) return answer;
    throw error;
  }
}

/** The page, what it names, and where the suite is. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = await fetch(SHELL);
  const files = (await page.clone().text()).match(/\/assets\/[^"]+/g) ?? [];

  await cache.put(SHELL, page);
  await cache.addAll([...files, "/config.json", "/icon.svg"]);
  await self.skipWaiting();
}

/** Drops what an earlier page had. */
async function activate(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = (await (await cache.match(SHELL))?.text()) ?? "";

  for (const request of await cache.keys()) {
    const url = new URL(request.url);
    if (isHashed(url) && !page.includes(url.pathname))
      await cache.delete(request);
  }
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);

  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate")
    event.respondWith(networkFirst(request, SHELL));
  else if (isHashed(url)) event.respondWith(keptFirst(request));
  else if (/^\/(config\.json|icon[^/]*|manifest[^/]*)$/.test(url.pathname))
    event.respondWith(networkFirst(request, url.pathname));
});
