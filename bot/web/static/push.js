// Installs the service worker of the desk, and switches notices on where somebody taps for it.
'use strict';

(() => {
  if (!('serviceWorker' in navigator)) {
    explain('old');
    return;
  }

  const address = window.trustedTypes
    ? window.trustedTypes.createPolicy('desk-worker', { createScriptURL: () => '/desk/sw.js' }).createScriptURL('')
    : '/desk/sw.js';
  const ready = navigator.serviceWorker.register(address, { scope: '/desk' }).then(() => navigator.serviceWorker.ready);
  ready.then(tidy).catch(() => undefined);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ready.then(tidy).catch(() => undefined);
  });

  const box = document.getElementById('thong-bao');
  if (!box) return;
  const state = document.getElementById('trang-thai');
  const on = document.getElementById('bat');
  const off = document.getElementById('tat');
  const installed = navigator.standalone === true || window.matchMedia('(display-mode: standalone)').matches;
  const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

  if (isApple && !installed) {
    explain('apple');
  } else if (!('PushManager' in window) || !('Notification' in window)) {
    explain('old');
  } else {
    on.addEventListener('click', switchOn);
    off.addEventListener('click', switchOff);
    look();
  }

  // What this page shows need not stand among the notices any more.
  async function tidy(registration) {
    for (const one of await registration.getNotifications()) {
      if (one.data && one.data.url === window.location.pathname) one.close();
    }
  }

  async function look() {
    if (Notification.permission === 'denied') {
      explain('denied');
      return;
    }
    const had = await current();
    if (had && !isOurs(had)) {
      await had.unsubscribe();
      await begin();
    } else if (had) {
      await tell('bat', fields(had));
    }
    show(Boolean(await current()));
  }

  async function switchOn() {
    on.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== 'granted') {
        explain('denied');
        return;
      }
      await begin();
      show(true);
    } catch {
      say('Chưa bật được. Bạn xem lại mạng rồi bấm lần nữa nhé.');
    } finally {
      on.disabled = false;
    }
  }

  async function switchOff() {
    off.disabled = true;
    try {
      const had = await current();
      if (had) {
        await tell('tat', { endpoint: had.endpoint });
        await had.unsubscribe();
      }
      show(false);
    } catch {
      say('Chưa tắt được. Bạn xem lại mạng rồi bấm lần nữa nhé.');
    } finally {
      off.disabled = false;
    }
  }

  async function begin() {
    const registration = await ready;
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) });
    try {
      await tell('bat', fields(made));
    } catch (fault) {
      await made.unsubscribe();
      throw fault;
    }
  }

  async function current() {
    return (await ready).pushManager.getSubscription();
  }

  function isOurs(subscription) {
    const key = subscription.options && subscription.options.applicationServerKey;
    return !key || text(key) === box.dataset.key;
  }

  function fields(subscription) {
    return { endpoint: subscription.endpoint, p256dh: text(subscription.getKey('p256dh')), auth: text(subscription.getKey('auth')) };
  }

  async function tell(where, said) {
    const answer = await fetch(`/desk/thong-bao/${where}`, {
      method: 'POST',
      headers: { 'X-Desk': box.dataset.signature },
      body: new URLSearchParams(said),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  }

  function show(isOn) {
    on.hidden = isOn;
    off.hidden = !isOn;
    if (isOn) document.getElementById('thu').hidden = false;
    say(isOn ? 'Máy này đang bật thông báo.' : 'Máy này chưa bật thông báo.');
  }

  function say(words) {
    state.textContent = words;
  }

  function explain(why) {
    const told = document.getElementById(`vi-sao-${why}`);
    const words = document.getElementById('trang-thai');
    if (told && words) {
      told.hidden = false;
      words.hidden = true;
    }
  }

  function bytes(base64) {
    return Uint8Array.from(atob(base64.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
})();
