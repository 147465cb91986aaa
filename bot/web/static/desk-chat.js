// One conversation: messages go out once and in order however weak the line is, what is begun is kept, the
// claim is renewed by whoever is there. Own unsent words live in this tab and, as a draft, on the server.
(function () {
  'use strict';
  const desk = window.desk;
  if (!desk || !window.fetch || !window.sessionStorage) return;
  const key = document.getElementById('phan').dataset.key;
  const here = '/desk/c/' + key;
  const store = 'desk.' + desk.person + '.' + key;
  const KEPT = store + '.gui';
  const BEGUN = store + '.nhap';
  const LEASE_SHORT = 120;
  const DRAFT_AFTER = 2500;
  const KEEP_EVERY = 45000;
  const TOO_OLD = 600000; // after a claim's length nobody expects it to go out by itself
  let queue = load(KEPT, []).filter((message) => Date.now() - message.at < TOO_OLD || putBack(message));
  save(KEPT, queue);
  let sending = false;
  let fails = 0;
  let flushTimer = 0;
  let draftTimer = 0;
  let drafted = '';
  let kept = Date.now();
  let until = 0;

  // --- the field, which may be another one after each renewal --------------------------------------------

  function part() { return document.getElementById('phan'); }
  function isMine() { return part().dataset.mine === '1'; }
  function field() { return document.getElementById('chu'); }
  function form() { return document.getElementById('viet'); }

  function settle() {
    until = Date.now() + Number(part().dataset.left) * 1000;
    document.querySelectorAll('form[data-wait]').forEach(countDown);
    if (isMine() && form() && !form().dataset.ready) {
      form().dataset.ready = '1';
      form().addEventListener('submit', submit);
      field().addEventListener('input', () => typed());
      field().addEventListener('keydown', (event) => {
        const fine = window.matchMedia && window.matchMedia('(pointer: fine)').matches;
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && fine) {
          event.preventDefault();
          form().requestSubmit();
        }
      });
      const begun = load(BEGUN, '');
      if (begun && !document.getElementById('loi-viet') && !chosen()) field().value = begun;
      else if (field().value) save(BEGUN, field().value);
      drafted = field().value;
      document.getElementById('tim').addEventListener('submit', search);
      document.getElementById('q').addEventListener('input', searchSoon);
      if (chosen()) window.history.replaceState(null, '', here);
    } else if (!isMine()) {
      returned();
    }
    lease();
  }

  // the conversation is gone, but what was begun is not
  function returned() {
    const lock = document.getElementById('khoa-o');
    const words = queue.map((message) => message.text).concat(load(BEGUN, '')).filter(Boolean).join('\n');
    queue.forEach((message) => erase(message.drawn));
    queue = [];
    save(KEPT, queue);
    if (words) save(BEGUN, words);
    if (lock && words) lock.value = words;
  }

  function chosen() { return new URLSearchParams(window.location.search).get('mau'); }

  function submit(event) {
    event.preventDefault();
    const text = field().value.trim();
    if (!text) return;
    const canned = form().querySelector('[name=mau]');
    send({ id: desk.newId(), text: text, canned: canned.value, at: Date.now() });
    write('');
    withPicture('', '');
    field().focus();
  }

  function write(words) {
    field().value = words;
    save(BEGUN, words);
    drafted = words;
  }

  function withPicture(canned, picture) {
    form().querySelector('[name=mau]').value = canned;
    const line = document.getElementById('hinh');
    line.hidden = !picture;
    line.querySelector('span').textContent = picture || '';
  }

  // --- sending ------------------------------------------------------------------------------------------

  function send(message) {
    queue.push(message);
    save(KEPT, queue);
    draw(message);
    toEnd();
    flush();
  }

  async function flush() {
    window.clearTimeout(flushTimer);
    if (sending || !queue.length || !isMine()) return;
    sending = true;
    const message = queue[0];
    let wait = 0;
    say('đang gửi…');
    try {
      const answer = await desk.post(here + '/noi', { ma: message.id, chu: message.text, mau: message.canned });
      const told = (answer.headers.get('Content-Type') || '').indexOf('json') > 0 ? await answer.json() : {};
      if (answer.ok) {
        fails = 0;
        kept = Date.now();
        until = Date.now() + 600000;
        say(told.waiting || '', false);
        message.sent = true;
        await desk.refresh();
        drop(message);
        lease();
      } else if (answer.status === 409 || answer.status === 422) {
        back(message, told.refused || told.held || 'Câu này chưa gửi được.');
        if (answer.status === 409) desk.refresh();
      } else if (answer.status === 401 || answer.status === 403) {
        say('Bạn đã bị đăng xuất. Đăng nhập lại, chữ vẫn còn đây.', true);
        sending = false;
        return; // goes out after signing in again, from this same tab
      } else if (answer.status === 429 || answer.status >= 500) {
        wait = Math.max(1, Number(answer.headers.get('Retry-After')) || backoff());
        say('Máy chủ đang bận, tự gửi lại sau ít giây…', true);
      } else {
        back(message, 'Câu này chưa gửi được. Bạn xem lại rồi gửi lần nữa.');
      }
    } catch (error) {
      wait = backoff();
      say('Mạng yếu: chưa gửi được, tự gửi lại. Không cần bấm lại.', true);
    }
    sending = false;
    if (wait) flushTimer = window.setTimeout(flush, wait * 1000);
    else flush();
  }

  function putBack(message) {
    save(BEGUN, [message.text, load(BEGUN, '')].filter(Boolean).join('\n'));
    return false;
  }

  // not sent: the words come back into the field, before what was begun meanwhile
  function back(message, why) {
    drop(message);
    if (field()) {
      write([message.text, field().value].filter(Boolean).join('\n'));
      typed(true);
    } else {
      putBack(message);
    }
    say(why, true);
  }

  function drop(message) {
    queue = queue.filter((other) => other.id !== message.id);
    save(KEPT, queue);
    erase(message.drawn);
  }

  function draw(message) {
    const words = element('p', '', message.text);
    message.drawn = element('div', 'line person own pending', [
      element('span', 'by', 'Bạn'), element('div', 'said', [words]), element('span', 'at', 'đang gửi…'),
    ]);
    document.getElementById('gui-cho').appendChild(message.drawn);
  }

  function backoff() {
    fails += 1;
    return Math.min(30, Math.pow(2, Math.min(fails, 5))) * (0.7 + Math.random() * 0.6);
  }

  // --- what is begun --------------------------------------------------------------------------------------

  function typed(quietly) {
    save(BEGUN, field().value);
    window.clearTimeout(draftTimer);
    draftTimer = window.setTimeout(keepDraft, DRAFT_AFTER);
    if (!field().value) withPicture('', '');
    if (!quietly) alive(false);
  }

  function keepDraft() {
    const box = field();
    if (!box || box.value === drafted || !isMine()) return;
    const words = box.value;
    desk.post(here + '/nhap', { chu: words }).then((answer) => { if (answer.ok) drafted = words; }, () => {});
  }

  window.addEventListener('pagehide', () => {
    const box = field();
    if (box && box.value !== drafted && navigator.sendBeacon) {
      navigator.sendBeacon(here + '/nhap', new URLSearchParams({ chu: box.value, chu_ky: desk.sign }));
    }
  });

  // --- the claim -------------------------------------------------------------------------------------------

  // `kindly`: being there is no answer to a colleague who asks; writing is
  function alive(kindly) {
    const asked = document.querySelector('#xin-nhan .ask');
    const every = asked && !kindly ? 3000 : KEEP_EVERY;
    if (!isMine() || Date.now() - kept < every) return;
    const before = kept;
    kept = Date.now();
    desk.post(here + '/giu', kindly ? { khe: '1' } : {}).then((answer) => {
      if (answer.ok) {
        until = Date.now() + 600000;
        lease();
      } else if (answer.status === 409) desk.refresh();
      else kept = before;
    }, () => { kept = before; });
  }

  document.addEventListener('pointerdown', () => alive(true));
  document.addEventListener('click', (event) => {
    if (!event.target.closest || !event.target.closest('[data-keep]')) return;
    event.preventDefault();
    kept = 0;
    alive(true);
  });

  function lease() {
    const warning = document.querySelector('.lease');
    if (!warning) return;
    const left = Math.round((until - Date.now()) / 1000);
    warning.hidden = left > LEASE_SHORT;
    warning.querySelector('.left').textContent = left > 60 ? Math.ceil(left / 60) + ' phút' : Math.max(0, left) + ' giây';
    if (left < -2 && left > -8) desk.refresh();
  }
  window.setInterval(lease, 5000);

  function countDown(waiting) {
    window.setTimeout(() => desk.refresh(), (Number(waiting.dataset.wait) + 1) * 1000);
  }

  // --- replies to start from --------------------------------------------------------------------------------

  let searchTimer = 0;

  function searchSoon() {
    window.clearTimeout(searchTimer);
    searchTimer = window.setTimeout(look, 300);
  }

  function search(event) {
    event.preventDefault();
    look();
  }

  function look() {
    const words = document.getElementById('q').value;
    fetch('/desk/kho.json?c=' + key + '&q=' + encodeURIComponent(words), { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
      .then((answer) => answer.json())
      .then((found) => {
        const first = words ? [] : found.suggestions;
        const all = first.concat(found.canned.filter((one) => !first.some((other) => other.ref === one.ref)));
        fill(document.getElementById('tim-thay'), all.slice(0, 12).map(offered));
        if (!all.length) fill(document.getElementById('tim-thay'), [element('li', '', 'Chưa có câu nào như vậy. Thử ít chữ hơn.')]);
      })
      .catch(() => say('Mạng yếu: chưa tìm được câu mẫu.', true));
  }

  function offered(one) {
    const button = element('button', 'found', [element('b', '', one.title), element('span', '', one.text)]);
    button.type = 'button';
    button.dataset.canned = one.ref;
    button.dataset.text = one.text;
    if (one.picture) button.dataset.picture = one.picture.alt;
    return element('li', '', [button]);
  }

  document.addEventListener('click', (event) => {
    const chip = event.target.closest && event.target.closest('[data-canned]');
    if (!chip || !field()) return;
    event.preventDefault();
    const before = field().value.trim();
    field().value = [before, chip.dataset.text].filter(Boolean).join('\n');
    withPicture(chip.dataset.picture ? chip.dataset.canned : '', chip.dataset.picture);
    typed();
    if (document.querySelector('.sheet:target')) window.location.hash = 'moi-nhat';
    field().focus();
  });

  // --- sheets ------------------------------------------------------------------------------------------------

  function opened() {
    const sheet = document.querySelector('.sheet:target');
    if (sheet) {
      alive(true);
      const first = sheet.id === 'mau' ? document.getElementById('q') : sheet;
      first.focus({ preventScroll: true });
      if (sheet.id === 'mau' && !document.getElementById('tim-thay').children.length) look();
    } else if (window.location.hash === '#moi-nhat') {
      toEnd();
      desk.refresh();
    }
  }
  window.addEventListener('hashchange', opened);

  // --- small things --------------------------------------------------------------------------------------------

  function say(words, bad) {
    const line = document.getElementById('duong');
    if (!line) {
      desk.tell(words, bad);
      return;
    }
    const low = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 60;
    line.textContent = words;
    line.className = bad ? 'small bad' : 'small';
    if (low) toEnd(); // what is said here takes room: the newest message stays in sight
  }

  function toEnd() { if (document.getElementById('log')) window.scrollTo(0, document.documentElement.scrollHeight); }

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

  function erase(drawn) { if (drawn && drawn.parentNode) drawn.parentNode.removeChild(drawn); }

  function load(name, none) {
    try {
      const found = window.sessionStorage.getItem(name);
      return found === null ? none : JSON.parse(found);
    } catch (error) {
      return none;
    }
  }

  function save(name, what) {
    try {
      const plain = Array.isArray(what) ? what.map((one) => ({ id: one.id, text: one.text, canned: one.canned, at: one.at })) : what;
      if (plain.length) window.sessionStorage.setItem(name, JSON.stringify(plain));
      else window.sessionStorage.removeItem(name);
    } catch (error) {
      // no room or not allowed: it lives as long as the page does
    }
  }

  desk.renewed.push((same, atEnd) => {
    settle();
    if (isMine()) queue.forEach((message) => { if (!message.drawn || !message.drawn.isConnected) draw(message); });
    if (atEnd) toEnd();
    flush();
  });
  window.addEventListener('online', flush);

  settle();
  if (isMine()) queue.forEach(draw);
  if (!document.querySelector('.sheet:target')) toEnd();
  flush();
})();
