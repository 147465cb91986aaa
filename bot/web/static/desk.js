// Makes the desk quick: hears what changed, renews the page in place, asks twice before what cannot be undone.
// Everything here also works without it, by plain forms. What comes is parsed as a document, never run.
(function () {
  'use strict';
  const body = document.body;
  const person = body.dataset.person;
  const told = document.getElementById('bao');
  const desk = (window.desk = { sign: body.dataset.sign, person: person, renewed: [], refresh: refresh, tell: tell, post: post, newId: newId });
  if (!window.fetch || !window.URLSearchParams) return;
  if (person) forget(person);

  let touched = 0;
  let busy = false;
  let again = false;
  let stream = null;
  let heard = 0;
  let breaks = 0;
  let streamTimer = 0;

  // --- what changed ---------------------------------------------------------------------------------

  function part() { return document.getElementById('phan'); }

  function listen() {
    hangUp();
    if (!body.dataset.live || !window.EventSource || document.hidden) return;
    heard = Date.now();
    const known = part() ? '&moc=' + encodeURIComponent(part().dataset.mark) : '';
    const mine = new EventSource(body.dataset.live + (body.dataset.live.indexOf('?') < 0 ? '?' : '&') + known.slice(1));
    stream = mine;
    mine.addEventListener('open', alive);
    mine.addEventListener('ping', alive);
    mine.addEventListener('beat', (event) => {
      alive();
      const beat = JSON.parse(event.data);
      count(beat);
      if (part() && beat.mark !== part().dataset.mark) refresh();
    });
    mine.addEventListener('out', () => window.location.reload());
    mine.onerror = () => {
      if (stream !== mine) return;
      hangUp();
      breaks += 1;
      if (breaks > 1) tell('Mất mạng. Trang này có thể chưa mới; đang nối lại…', true);
      streamTimer = window.setTimeout(wake, Math.min(30, Math.pow(2, breaks)) * (700 + Math.random() * 600));
    };
  }

  function alive() {
    heard = Date.now();
    if (breaks) {
      breaks = 0;
      tell('');
    }
  }

  function hangUp() {
    window.clearTimeout(streamTimer);
    if (stream) stream.close();
    stream = null;
  }

  function wake() {
    if (document.hidden) return;
    listen();
    refresh();
  }

  document.addEventListener('visibilitychange', () => { if (document.hidden) hangUp(); else wake(); });
  window.addEventListener('online', wake);
  window.addEventListener('offline', () => tell('Mất mạng. Chữ bạn viết vẫn giữ ở đây.', true));
  window.addEventListener('pageshow', (event) => { if (event.persisted) wake(); });
  document.addEventListener('pointerdown', () => { touched = Date.now(); });
  window.setInterval(() => {
    // the server says "ping" every 15 s; long silence means that the line died without telling
    if (stream && Date.now() - heard > 40000) listen();
    if (!document.hidden) refresh(); // waiting times go on
  }, 60000);

  function count(beat) {
    ['waiting', 'unread', 'held'].forEach((name) => {
      if (beat[name] === undefined) return;
      document.querySelectorAll('[data-count=' + name + ']').forEach((badge) => {
        badge.textContent = Number(beat[name]) ? String(beat[name]) : '';
      });
    });
  }

  // --- the page in place ------------------------------------------------------------------------------

  function refresh() {
    if (!part()) return Promise.resolve(false);
    if (busy) {
      again = true;
      return Promise.resolve(false);
    }
    const rest = 700 - (Date.now() - touched);
    busy = true;
    // nothing moves away under a finger
    return new Promise((done) => window.setTimeout(done, Math.max(0, rest)))
      .then(fetchPart)
      .then((fresh) => { if (fresh) renew(fresh); return Boolean(fresh); }, () => false)
      .then((done) => {
        busy = false;
        if (again) {
          again = false;
          return refresh();
        }
        return done;
      });
  }

  function fetchPart() {
    return new Promise((done, fail) => {
      const ask = new XMLHttpRequest();
      const after = part().dataset.lines;
      ask.open('GET', window.location.pathname + '?phan=1' + (after ? '&sau=' + after : ''));
      ask.responseType = 'document';
      ask.timeout = 20000;
      ask.setRequestHeader('X-Desk-Quiet', '1');
      ask.onload = () => {
        const fresh = ask.response && ask.response.getElementById('phan');
        if (ask.status === 200 && fresh) done(fresh);
        else if (ask.status === 200 || ask.status === 403 || ask.status === 404) window.location.reload(); // signed out, closed, or not ours any more
        else fail();
      };
      ask.onerror = ask.ontimeout = fail;
      ask.send();
    });
  }

  function renew(fresh) {
    const old = part();
    const before = shape(old);
    const same = before === shape(fresh);
    const inLog = atEnd();
    if (same) {
      Object.assign(old.dataset, fresh.dataset);
      fresh.querySelectorAll('[data-part]').forEach((one) => renewPart(document.getElementById(one.id), one));
      fresh.querySelectorAll('[data-keyed]').forEach((one, place) => merge(old.querySelectorAll('[data-keyed]')[place], one, one.id === 'log'));
    } else {
      const made = document.importNode(fresh, true);
      const log = made.querySelector('#log');
      const kept = old.querySelector('#log');
      old.parentNode.replaceChild(made, old);
      if (log && kept) {
        merge(kept, log, true);
        log.parentNode.replaceChild(kept, log);
      }
    }
    count(part().dataset);
    desk.renewed.forEach((hear) => hear(same, inLog));
  }

  // which parts there are, and what may be done: another one means another page
  function shape(whole) {
    return (whole.dataset.mine || '') + Array.from(whole.querySelectorAll('[data-part], [data-keyed]'), (one) => one.id).join();
  }

  function renewPart(old, fresh) {
    if (!old || plain(old) === plain(fresh)) return;
    if (old.matches(':target') || old.contains(document.activeElement)) return; // in use: the next time
    const made = document.importNode(fresh, true);
    old.querySelectorAll('details[open]').forEach((one, place) => {
      const other = made.querySelectorAll('details')[place];
      if (other) other.open = true;
    });
    old.parentNode.replaceChild(made, old);
  }

  // keys of deeds are drawn anew with each page and change nothing that anybody sees
  function plain(one) { return one.outerHTML.replace(/name="ma" value="[^"]*"/g, '').replace(/ disabled=""| hidden=""/g, ''); }

  function merge(old, fresh, onlyMore) {
    if (!old) return;
    const wanted = new Map(Array.from(fresh.children, (one) => [one.dataset.key, one]));
    Array.from(old.children).forEach((one) => {
      const other = wanted.get(one.dataset.key);
      if (!other) {
        if (!onlyMore) old.removeChild(one);
        return;
      }
      wanted.delete(one.dataset.key);
      if (plain(one) !== plain(other) && !one.contains(document.activeElement)) old.replaceChild(document.importNode(other, true), one);
    });
    wanted.forEach((one) => {
      const after = Array.from(old.children).find((other) => other.dataset.place > one.dataset.place);
      old.insertBefore(document.importNode(one, true), after || null);
    });
  }

  function atEnd() {
    return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 240;
  }

  // --- forms ------------------------------------------------------------------------------------------

  document.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('button[data-twice]');
    if (!button) return;
    if (button.classList.contains('armed')) {
      const soon = event.pointerType === 'touch' && Date.now() - Number(button.dataset.armed) < 400;
      if (soon || event.detail > 1) event.preventDefault(); // one tap that shook
      return;
    }
    event.preventDefault();
    button.dataset.armed = String(Date.now());
    const words = button.textContent;
    const height = button.offsetHeight;
    button.classList.add('armed');
    button.style.minHeight = height + 'px';
    button.textContent = button.dataset.twice;
    window.setTimeout(() => {
      button.classList.remove('armed');
      button.textContent = words;
    }, 4000);
  });

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent || event.defaultPrevented) {
      event.preventDefault();
      return;
    }
    if (form.method !== 'post') return;
    if (form.getAttribute('action') === '/desk/ra') forget('');
    form.dataset.sent = '1';
    window.setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; }));

  function post(path, fields, seconds) {
    const options = {
      method: 'POST', body: new URLSearchParams(fields), credentials: 'same-origin', cache: 'no-store',
      headers: { Accept: 'application/json', 'X-Desk': desk.sign },
    };
    if (window.AbortController) {
      const stop = new AbortController();
      options.signal = stop.signal;
      window.setTimeout(() => stop.abort(), (seconds || 20) * 1000);
    }
    return fetch(path, options);
  }

  // --- keys -------------------------------------------------------------------------------------------

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.querySelector('.sheet:target')) {
      window.location.hash = 'moi-nhat';
      return;
    }
    const typing = event.target.closest && event.target.closest('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const does = { n: next, r: () => focus('chu'), '/': () => sheet('mau'), b: () => sheet('lai-may'), x: () => sheet('dong'), '?': help }[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  });

  function next() {
    const form = document.getElementById('tiep');
    if (form) form.requestSubmit();
    else window.location.href = '/desk';
  }

  function focus(id) {
    const field = document.getElementById(id);
    if (field) field.focus();
  }

  function sheet(id) {
    if (!document.getElementById(id)) return;
    window.location.hash = id;
  }

  function help() {
    if (document.getElementById('phim')) sheet('phim');
    else window.location.href = '/desk/them';
  }

  // --- small things -------------------------------------------------------------------------------------

  function tell(words, bad) {
    if (told.textContent !== words) told.textContent = words;
    told.className = bad ? 'warning' : 'notice';
    told.hidden = !words;
  }

  function newId() {
    return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  // unsent words of somebody else who used this phone, or of whoever signs out; a session that ran out keeps them
  function forget(who) {
    try {
      const store = window.sessionStorage;
      Object.keys(store).forEach((name) => {
        if (name.indexOf('desk.') === 0 && (!who || name.indexOf('desk.' + who + '.') !== 0)) store.removeItem(name);
      });
    } catch (error) {
      // not allowed: then there is nothing either
    }
  }

  if (part()) count(part().dataset);
  listen();
})();
