// Tells of who waits while the desk is closed. Keeps nothing: no page, no word of anybody.
'use strict';

const DESK = '/desk';
const OURS = /^\/(desk|insights)(\/|$)/;
// Safari takes back the permission of whoever gets a push and shows nothing.
const MUST_SHOW = /AppleWebKit/.test(navigator.userAgent) && !/Chrom|Edg|Firefox/.test(navigator.userAgent);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  let told = null;
  try {
    told = event.data && event.data.json();
  } catch {
    told = null;
  }
  event.waitUntil(tell(told || { tag: 'queue', title: 'Bàn trực VNeID', body: 'Mở bàn trực để xem.', url: DESK }));
});

async function tell(told) {
  if (told.gone) {
    await clear(told.tag);
  } else if (MUST_SHOW || !(await isInView(told.url))) {
    await show(told);
  }
}

function show(told) {
  return self.registration.showNotification(String(told.title), {
    tag: String(told.tag),
    body: String(told.body),
    lang: 'vi',
    icon: '/desk/icon-192.png',
    badge: '/desk/icon-192.png',
    silent: Boolean(told.quiet),
    renotify: !told.quiet,
    data: { url: String(told.url) },
  });
}

async function clear(tag) {
  const shown = await self.registration.getNotifications({ tag });
  for (const one of shown) one.close();
  if (MUST_SHOW) {
    const url = shown.length ? shown[0].data.url : DESK;
    await show({ tag, title: 'Đã có người lo', body: 'Không cần làm gì thêm.', url, quiet: true });
  }
}

// Whoever looks at the page already sees it there.
async function isInView(url) {
  const windows = await self.clients.matchAll({ type: 'window' });
  return windows.some((one) => one.focused && new URL(one.url).pathname === url);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data && event.notification.data.url));
});

async function open(path) {
  const wanted = new URL(path || DESK, self.location.origin);
  const ours = wanted.origin === self.location.origin && OURS.test(wanted.pathname);
  const url = ours ? wanted.href : new URL(DESK, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: 'window' });
  const there = windows.find((one) => one.url === url);
  if (there) return there.focus();
  return self.clients.openWindow(url);
}

// Pages come from the server or not at all; without a line this says so.
self.addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') {
    event.respondWith(fetch(event.request).catch(offline));
  }
});

function offline() {
  const page = `<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Mất mạng · Bàn trực VNeID</title></head>
<body style="font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem">
<h1>Máy bạn đang mất mạng</h1>
<p>Bàn trực chưa mở được. Người bạn đang giúp vẫn ở chỗ bạn 10 phút nữa; sau đó sẽ có bạn khác giúp.</p>
<p>Để an toàn, máy này không lưu cuộc trò chuyện nào.</p>
<p><a href="" style="display:inline-block;padding:.75rem 1.25rem;border:2px solid;border-radius:.75rem">Thử lại</a></p>
</body></html>`;
  return new Response(page, {
    status: 503,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
