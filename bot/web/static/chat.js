// Makes the chat quicker: sends without a new page, keeps what is not sent yet, hears replies as they come.
// Everything here also works without it, by plain forms. Nothing is ever read as HTML.
(function () {
  'use strict';
  const STORE = 'vneid-chat-queue';
  const TOO_OLD = 6 * 24 * 3600 * 1000; // the server remembers for 7 days what it has taken
  const log = document.getElementById('log');
  const choices = document.getElementById('choices');
  const write = document.getElementById('write');
  const field = document.getElementById('tin');
  const said = document.getElementById('line');
  const words = write.dataset; // what the script says, in the language of the page
  const lang = document.documentElement.lang;
  const calm = window.matchMedia && window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!window.fetch || !window.URLSearchParams) return;

  const seen = new Set();
  let kept = write.dataset.kept === '1';
  let last = Number(write.dataset.last);
  let queue = load();
  let busy = false;
  let held = [];
  let gone = false;
  let stream = null;
  let heard = 0;
  let fails = 0;
  let breaks = 0;
  let flushTimer = 0;
  let streamTimer = 0;

  document.querySelectorAll('[data-copy]').forEach(copyable);
  log.querySelectorAll('[data-id]').forEach((line) => seen.add(Number(line.dataset.id)));
  queue.forEach(drawPending);
  if (queue.length) ask([], []);
  if (log.children.length > 1) landing(log.querySelector('.pending') || document.getElementById('moi-nhat'), false);
  listen();
  flush();

  write.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    send({ text: text, button: '', label: text });
  });

  choices.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('button');
    if (!button) return;
    event.preventDefault();
    const label = button.querySelector('span:last-child') || button;
    send({ text: '', button: button.value, label: label.textContent });
    log.focus({ preventScroll: true });
  });

  window.addEventListener('online', wake);
  window.addEventListener('pageshow', (event) => { if (event.persisted) wake(); });
  window.addEventListener('offline', () => tell(words.offline, true));
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake(); });
  window.setInterval(() => {
    // the server says "ping" every 15 s; long silence means that the line died without telling
    if (stream && Date.now() - heard > 45000) listen();
  }, 15000);

  function wake() {
    fails = 0;
    breaks = 0;
    if (kept && (!stream || Date.now() - heard > 20000)) listen();
    flush();
  }

  // --- sending -----------------------------------------------------------------------------------

  function send(message) {
    message.id = newId();
    message.at = Date.now();
    const fresh = write.querySelector('[name=moi]');
    message.fresh = fresh ? fresh.value : '';
    const poster = write.querySelector('[name=xa]');
    message.poster = poster ? poster.value : '';
    queue.push(message);
    save();
    drawPending(message);
    ask([], []);
    landing(message.drawn, true);
    flush();
  }

  async function flush() {
    window.clearTimeout(flushTimer);
    if (busy || !queue.length) return;
    busy = true;
    const message = queue[0];
    tell(words.answering, false);
    let again = 0;
    try {
      const answer = await post(message);
      if (answer.ok) {
        const data = await answer.json();
        fails = 0;
        tell('', false);
        confirmed(message, data);
      } else if (answer.status === 429 || (answer.status >= 500 && !broken(message, answer.status))) {
        again = Math.max(1, Number(answer.headers.get('Retry-After')) || backoff());
        tell(words.busy, true);
      } else {
        refused(message, answer.status);
      }
    } catch (error) {
      again = backoff();
      tell(words.lost, true);
    }
    busy = false;
    take(held.splice(0));
    if (gone && kept) window.location.reload();
    if (again) flushTimer = window.setTimeout(flush, again * 1000);
    else flush();
  }

  function post(message) {
    const form = new URLSearchParams();
    form.set('ma_tin', message.id);
    form.set('moi', message.fresh);
    form.set('sau', String(last));
    form.set('lang', lang);
    if (message.poster) form.set('xa', message.poster);
    if (message.button) form.set('nut', message.button);
    else form.set('tin', message.text);
    const options = {
      method: 'POST', body: form, credentials: 'same-origin', cache: 'no-store', headers: { Accept: 'application/json' },
    };
    if (window.AbortController) {
      const stop = new AbortController();
      options.signal = stop.signal;
      window.setTimeout(() => stop.abort(), 30000);
    }
    return fetch('/', options);
  }

  function confirmed(message, data) {
    drop(message);
    if (data.go) {
      // another language was chosen: the page comes again in it, with what is kept
      window.location.replace(data.go);
      return;
    }
    const wasKept = kept;
    kept = data.kept;
    write.dataset.kept = kept ? '1' : '0';
    const mine = data.lines.some((line) => line.mine);
    if (wasKept || mine) erase(message.drawn);
    else settle(message.drawn); // said before anything was kept: only this page knows it
    if (wasKept && !kept) forget();
    take(data.lines);
    if (kept && !stream) listen();
    if (!kept) hangUp();
  }

  function refused(message, status) {
    drop(message);
    erase(message.drawn);
    if (message.text && !field.value) field.value = message.text;
    tell(status === 413 ? words.long : words.refused, true);
  }

  // a message that breaks the server each time must not hold up those behind it
  function broken(message, status) {
    message.broken = (message.broken || 0) + (status === 500 ? 1 : 0);
    return message.broken >= 3;
  }

  function drop(message) {
    queue = queue.filter((other) => other.id !== message.id);
    save();
  }

  function backoff() {
    fails += 1;
    return Math.min(30, Math.pow(2, Math.min(fails, 5))) * (0.7 + Math.random() * 0.6);
  }

  // --- hearing -----------------------------------------------------------------------------------

  function listen() {
    hangUp();
    if (!kept || !window.EventSource) return;
    heard = Date.now();
    const mine = new EventSource('/chat/stream?after=' + last);
    stream = mine;
    mine.addEventListener('open', alive);
    mine.addEventListener('ping', alive);
    mine.addEventListener('line', (event) => {
      alive();
      const line = JSON.parse(event.data);
      if (busy) held.push(line);
      else take([line]);
    });
    mine.addEventListener('gone', () => {
      hangUp();
      gone = true;
      if (!busy && kept) window.location.reload();
    });
    mine.onerror = () => {
      if (stream !== mine) return;
      hangUp();
      breaks += 1;
      if (breaks > 1 && !queue.length) tell(words.again, true);
      const wait = Math.min(60, Math.pow(2, Math.min(breaks, 6))) * (0.7 + Math.random() * 0.6);
      streamTimer = window.setTimeout(listen, wait * 1000);
    };
  }

  function alive() {
    heard = Date.now();
    if (breaks) {
      breaks = 0;
      if (!queue.length) tell('', false);
      flush();
    }
  }

  function hangUp() {
    window.clearTimeout(streamTimer);
    if (stream) stream.close();
    stream = null;
  }

  // --- drawing -----------------------------------------------------------------------------------

  function take(lines) {
    let first = null;
    lines.forEach((line) => {
      if (line.id) {
        if (seen.has(line.id)) return;
        seen.add(line.id);
        last = Math.max(last, line.id);
      }
      const drawn = draw(line);
      const waiting = log.querySelector('.pending');
      log.insertBefore(drawn, waiting);
      if (line.mine) {
        if (!choices.querySelector('[value^="=report"]')) ask([], []); // a helper can be reported all the while
        unpend(line);
      } else {
        first = first || drawn;
        if (line.choices.length || line.shortcuts.length) ask(line.choices, line.shortcuts);
      }
    });
    if (first) landing(first, true);
  }

  function draw(line) {
    const body = line.body.map((paragraph) => {
      return element('p', '', paragraph.map((piece) => piece[1] ? element('strong', '', piece[0]) : document.createTextNode(piece[0])));
    });
    if (line.picture) body.push(picture(line.picture));
    if (line.link) {
      const link = element('a', 'button', words.open);
      link.href = line.link;
      body.push(element('p', 'go', [link]));
    }
    const spoken = element('div', 'said', body);
    if (line.lang && line.lang !== lang && !line.mine) spoken.lang = line.lang;
    const name = line.by ? element('span', 'by', line.by + ':') : element('span', 'who', line.mine ? words.me : words.bot);
    if (spoken.lang && line.by) name.lang = spoken.lang;
    const drawn = element('div', 'line ' + (line.mine ? 'mine' : 'bot') + (line.by ? ' person' : ''), [
      name, spoken, element('span', 'at', line.at),
    ]);
    if (line.id) drawn.dataset.id = line.id;
    drawn.tabIndex = -1;
    return drawn;
  }

  function picture(shown) {
    const image = element('img', '', '');
    image.loading = 'lazy'; // before the address: otherwise the browser fetches at once
    image.decoding = 'async';
    image.width = shown.width;
    image.height = shown.height;
    image.alt = shown.alt;
    image.src = shown.path;
    const link = element('a', 'picture', [image]);
    link.href = shown.path;
    return link;
  }

  function drawPending(message) {
    const line = { id: 0, mine: true, at: words.sending, body: [[[message.label, false]]], alt: '', link: '' };
    message.drawn = draw(line);
    message.drawn.classList.add('pending');
    log.appendChild(message.drawn);
  }

  // an own line came by the stream though the answer to its sending was lost: do not show it twice
  function unpend(line) {
    const words = line.body.map((paragraph) => paragraph.map((piece) => piece[0]).join('')).join('\n\n');
    const waiting = queue.find((message) => message.label === words && message.drawn && !message.drawn.hidden);
    if (waiting) waiting.drawn.hidden = true;
  }

  function settle(drawn) {
    drawn.classList.remove('pending');
    drawn.querySelector('.at').textContent = '';
  }

  function forget() {
    Array.from(log.children).forEach((line) => { if (!line.classList.contains('pending')) erase(line); });
    seen.clear();
    last = 0;
  }

  function ask(options, shortcuts) {
    fill(choices.querySelector('.choices'), options.map((option, place) => {
      const button = element('button', 'choice', [
        element('b', '', String(place + 1)), document.createTextNode(' '), element('span', 'who', '·'),
        document.createTextNode(' '), element('span', '', option[0]),
      ]);
      return named(button, option[1]);
    }));
    fill(choices.querySelector('.shortcuts'), shortcuts.map((option) => named(element('button', 'shortcut', option[0]), option[1])));
    choices.hidden = !options.length && !shortcuts.length;
  }

  function named(button, token) {
    button.name = 'nut';
    button.value = token;
    return button;
  }

  function element(tag, kind, inside) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    if (typeof inside === 'string') made.textContent = inside;
    else inside.forEach((child) => made.appendChild(child));
    return made;
  }

  function fill(box, children) {
    while (box.firstChild) box.removeChild(box.firstChild);
    children.forEach((child) => box.appendChild(child));
  }

  function erase(drawn) {
    if (drawn && drawn.parentNode) drawn.parentNode.removeChild(drawn);
  }

  function landing(drawn, smooth) {
    if (drawn) drawn.scrollIntoView({ block: 'start', behavior: smooth && !calm ? 'smooth' : 'auto' });
  }

  function tell(words, bad) {
    if (said.textContent !== words) said.textContent = words;
    said.className = bad ? 'bad' : '';
  }

  // --- words to be sent elsewhere ------------------------------------------------------------------

  function copyable(button) {
    const words = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener('click', () => {
      window.getSelection().selectAllChildren(words); // stays to be seen, and to be copied by hand
      const done = () => { button.textContent = button.dataset.done; };
      const byHand = () => { if (document.execCommand('copy')) done(); };
      if (navigator.clipboard) navigator.clipboard.writeText(words.textContent).then(done, byHand);
      else byHand();
    });
  }

  // --- what is not sent yet ----------------------------------------------------------------------

  function load() {
    try {
      const stored = JSON.parse(window.localStorage.getItem(STORE) || '[]');
      return stored.filter((message) => Date.now() - message.at < TOO_OLD);
    } catch (error) {
      return [];
    }
  }

  function save() {
    try {
      const plain = queue.map((message) => ({
        id: message.id, at: message.at, text: message.text, button: message.button, label: message.label, fresh: message.fresh,
        poster: message.poster,
      }));
      if (plain.length) window.localStorage.setItem(STORE, JSON.stringify(plain));
      else window.localStorage.removeItem(STORE);
    } catch (error) {
      // no room or not allowed: the queue lives as long as the page does
    }
  }

  function newId() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
})();
