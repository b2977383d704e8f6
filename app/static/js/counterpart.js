/* Counterpart: everything works without this file; it makes things nicer. */
(() => {
  'use strict';
  const doc = document;
  const $ = (s, r = doc) => r.querySelector(s);
  const all = (s, r = doc) => [...r.querySelectorAll(s)];
  const debounce = (fn, ms) => { let t; return (...a) => { clearTimeout(t); t = setTimeout(() => fn(...a), ms); }; };
  const store = {
    get(k) { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } },
    set(k, v) { try { localStorage.setItem(k, JSON.stringify(v)); } catch { /* full or forbidden */ } },
    drop(k) { try { localStorage.removeItem(k); } catch { /* forbidden */ } },
    keys() { try { return Object.keys(localStorage).filter(k => k.startsWith('counterpart:')); } catch { return []; } },
  };
  const root = doc.documentElement;
  const fontURL = doc.currentScript && doc.currentScript.dataset.font;
  root.classList.add('js');

  /* web font, on idle, never on a slow or saving line */
  const idle = window.requestIdleCallback || (fn => setTimeout(fn, 1500));
  const line = navigator.connection || {};
  if (fontURL && window.FontFace && !line.saveData && !/2g/.test(line.effectiveType || '')) {
    const load = () => idle(() => new FontFace('Inter', `url(${fontURL}) format("woff2")`, { weight: '100 900', display: 'swap' })
      .load().then(f => { doc.fonts.add(f); root.classList.add('has-inter'); }).catch(() => {}));
    doc.readyState === 'complete' ? load() : addEventListener('load', load);
  }

  /* menus: open on wide screens, closed by a click elsewhere or Escape */
  const wide = matchMedia('(min-width: 64em)');
  const spread = () => { if (wide.matches) all('details[data-open-wide]').forEach(d => { d.open = true; }); };
  spread();
  wide.addEventListener('change', spread);
  const closeMenus = except => all('details[data-close-outside][open]').forEach(d => { if (d !== except) d.open = false; });
  doc.addEventListener('click', e => closeMenus(e.target.closest('details[data-close-outside]')));
  doc.addEventListener('keydown', e => {
    if (e.key !== 'Escape') return;
    const d = doc.activeElement && doc.activeElement.closest('details[data-close-outside][open]');
    closeMenus();
    if (d) $('summary', d).focus();
  });

  /* error summary takes the focus */
  const summary = $('[data-error-summary]');
  if (summary) summary.focus();

  /* no double submit: the button keeps its name and value, because it is never disabled */
  doc.addEventListener('submit', e => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sending) { e.preventDefault(); return; }
    form.dataset.sending = '1';
    const mark = on => all('button:not([type=button])', form).forEach(b => {
      on ? b.setAttribute('aria-disabled', 'true') : b.removeAttribute('aria-disabled');
    });
    setTimeout(() => mark(true));
    const free = () => { delete form.dataset.sending; mark(false); };
    setTimeout(free, 20000);
    addEventListener('pageshow', ev => { if (ev.persisted) free(); }, { once: true });
  });

  /* confirmation: <details data-dialog> becomes a native dialog */
  const openDialog = (details, opener) => {
    const panel = $('.confirm__panel', details);
    if (!panel || !window.HTMLDialogElement) { details.open = true; return; }
    const box = doc.createElement('dialog');
    box.className = 'dialog';
    box.setAttribute('aria-labelledby', details.id + '-title');
    const home = doc.createComment('');
    panel.replaceWith(home);
    box.append(panel);
    doc.body.append(box);
    const cancel = $('[data-dialog-close]', panel);
    if (cancel) { cancel.hidden = false; cancel.onclick = () => box.close(); }
    box.addEventListener('click', ev => { if (ev.target === box) box.close(); });
    box.addEventListener('close', () => { home.replaceWith(panel); box.remove(); opener.focus(); });
    box.showModal();
    const title = $('.confirm__title', panel);
    if (title) title.focus();
  };
  doc.addEventListener('click', e => {
    const s = e.target.closest('details[data-dialog] > summary');
    const b = e.target.closest('[data-confirm-dialog]');
    if (s) { e.preventDefault(); openDialog(s.parentNode, s); } else if (b) {
      const target = doc.getElementById(b.dataset.confirmDialog);
      if (!target) return;
      e.preventDefault();
      target.tagName === 'DIALOG' ? target.showModal() : openDialog(target, b);
    }
  });

  /* rows of repeated fieldsets */
  const number = group => {
    const name = group.dataset.rows;
    const rows = all('[data-row]', $('[data-rows-body]', group));
    const start = new RegExp('(^|[\\s#])' + name.replace(/[^\w]/g, '\\$&') + '-\\d+', 'g');
    rows.forEach((row, i) => {
      [row, ...all('*', row)].forEach(el => ['name', 'id', 'for', 'value', 'aria-describedby', 'aria-labelledby', 'href'].forEach(a => {
        if (a === 'value' && el.name !== 'remove-row') return;
        const v = el.getAttribute(a);
        if (v) el.setAttribute(a, v.replace(start, `$1${name}-${i}`));
      }));
      all('[data-row-number]', row).forEach(el => { el.textContent = i + 1; });
      row.setAttribute('aria-label', `${group.dataset.rowTitle} ${i + 1}`);
    });
    const add = $('[data-row-add]', group);
    if (add && add.dataset.max) add.hidden = rows.length >= +add.dataset.max;
  };
  doc.addEventListener('click', e => {
    const b = e.target.closest('[data-row-add], [data-row-remove]');
    const group = b && b.closest('[data-rows]');
    const template = group && $('template[data-row-template]', group);
    if (!template) return;
    e.preventDefault();
    const body = $('[data-rows-body]', group);
    if (b.matches('[data-row-add]')) {
      body.append(template.content.cloneNode(true));
      number(group);
      const first = $('input:not([type=hidden]), select, textarea', body.lastElementChild);
      if (first) first.focus();
    } else {
      b.closest('[data-row]').remove();
      number(group);
      group.focus();
    }
    group.dispatchEvent(new Event('input', { bubbles: true }));
  });

  /* filter inside a long list of checkboxes */
  const plain = s => s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const filters = scope => all('[data-choice-filter]', scope).forEach(input => {
    input.hidden = false;
    input.addEventListener('input', e => {
      e.stopPropagation();
      const word = plain(input.value.trim());
      all('.choice', input.parentNode).forEach(c => { c.hidden = !plain(c.textContent).includes(word); });
      all('.choice-group', input.parentNode).forEach(g => { g.hidden = !$('.choice:not([hidden])', g); });
    });
    input.addEventListener('keydown', e => { if (e.key === 'Enter') e.preventDefault(); });
  });
  filters(doc);

  /* filter forms: data-auto-submit, or data-auto-submit="#results" to swap only that part */
  const swapPage = async (url, selectors) => {
    const parts = selectors.split(',').map(s => s.trim());
    parts.forEach(s => $(s) && $(s).setAttribute('aria-busy', 'true'));
    try {
      const answer = await fetch(url, { headers: { 'X-Requested-With': 'fetch' } });
      if (!answer.ok || answer.redirected) throw 0;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const id = doc.activeElement && doc.activeElement.id;
      const pairs = parts.map(s => [$(s), $(s, page)]);
      if (pairs.some(p => !p[0] || !p[1])) throw 0;
      pairs.forEach(([old, fresh]) => old.replaceWith(doc.importNode(fresh, true)));
      doc.title = page.title;
      history.pushState({ swapped: true }, '', url);
      if (id && doc.getElementById(id)) doc.getElementById(id).focus();
    } catch { location.href = url; }
  };
  addEventListener('popstate', () => location.reload());
  doc.addEventListener('change', e => {
    const form = e.target.form;
    if (!form || !form.hasAttribute('data-auto-submit')) return;
    const parts = form.dataset.autoSubmit;
    if (!parts || form.method !== 'get') { form.requestSubmit(); return; }
    const query = new URLSearchParams([...new FormData(form)].filter(p => p[1] !== ''));
    const url = new URL(form.getAttribute('action') || location.pathname, location.href);
    url.search = query;
    swapPage(url, parts);
  });

  /* live fragments: quality coach, duplicates */
  all('[data-live]').forEach(el => {
    const form = el.tagName === 'FORM' ? el : $('#' + el.dataset.liveForm) || el.closest('form');
    const target = el.dataset.liveTarget ? $(el.dataset.liveTarget) : el;
    if (!form || !target) return;
    let running;
    const ask = debounce(async () => {
      if (running) running.abort();
      running = new AbortController();
      target.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(el.dataset.live, { method: 'POST', body: texts(form), redirect: 'manual', signal: running.signal, headers: { 'X-Requested-With': 'live' } });
        if (answer.ok) target.innerHTML = await answer.text();
      } catch { /* the panel keeps what it showed */ }
      target.removeAttribute('aria-busy');
    }, 800);
    form.addEventListener('input', ask);
  });

  /* autosave */
  function texts(form) {
    const data = new FormData(form);
    [...data].forEach(([k, v]) => { if (v instanceof File) data.delete(k); });
    return data;
  }
  const pairs = form => [...texts(form)].filter(([k]) => k !== 'csrf_token' && !all('[type=password]', form).some(p => p.name === k));
  const clock = new Intl.DateTimeFormat(root.lang || undefined, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(root.lang || undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const forms = all('form[data-autosave]');

  /* a copy that was sent and led to another page has arrived, unless that page asks to sign in or is an error */
  if (!$('[data-error-page], [data-sign-in], main input[type=password]')) {
    store.keys().forEach(k => {
      const c = store.get(k);
      if (c && c.sent) c.path === location.pathname && forms.length ? store.set(k, { ...c, sent: false }) : store.drop(k);
    });
  }
  forms.forEach(form => {
    const key = `counterpart:${form.id}:${form.dataset.autosaveKey || ''}`;
    const status = $('[data-autosave-status]', form) || $('[data-autosave-status]');
    const say = (name, time) => {
      if (!status) return;
      status.textContent = (status.dataset['text' + name] || '').replace('{time}', time || '');
      status.dataset.state = name.toLowerCase();
    };
    let latest = 0, dirty = false;
    const keep = more => store.set(key, { at: Date.now(), path: location.pathname, data: pairs(form), ...more });
    const send = async () => {
      if (form.dataset.sending) return;
      const turn = ++latest;
      dirty = false;
      say('Saving');
      try {
        const answer = await fetch(form.dataset.autosave, { method: 'POST', body: texts(form), redirect: 'manual', headers: { 'X-Requested-With': 'autosave', Accept: 'application/json' } });
        if (turn !== latest) return;
        if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) { say('SignedOut'); return; }
        if (answer.status === 409) { say('Conflict'); return; }
        if (!answer.ok) throw new Error('refused');
        let note = {};
        try { note = await answer.json(); } catch { /* an empty answer is fine */ }
        if (note.version && form.elements.version) form.elements.version.value = note.version;
        if (note.url) { form.dataset.autosave = note.url; }
        if (!dirty) store.drop(key);
        say('Saved', clock.format(note.saved_at ? new Date(note.saved_at) : new Date()));
      } catch (err) { dirty = true; say(navigator.onLine === false || err instanceof TypeError ? 'Offline' : 'Error'); }
    };
    const later = debounce(send, 2000);
    form.addEventListener('input', () => { dirty = true; keep(); later(); });
    form.addEventListener('submit', e => { if (!e.defaultPrevented) keep({ sent: true }); });
    addEventListener('online', () => { if (dirty) send(); });
    addEventListener('visibilitychange', () => { if (doc.hidden && dirty) send(); });

    const copy = store.get(key), box = $('[data-autosave-restore]', form) || $('[data-autosave-restore]');
    const saved = Date.parse(form.dataset.savedAt || '') || 0;
    if (!copy || !copy.data || copy.at <= saved) { store.drop(key); return; }
    if (JSON.stringify(copy.data) === JSON.stringify(pairs(form)) || !box) return;
    const when = $('[data-autosave-when]', box);
    if (when) when.textContent = `(${day.format(new Date(copy.at))})`;
    box.hidden = false;
    $('[data-autosave-drop]', box).onclick = () => { store.drop(key); box.hidden = true; };
    $('[data-autosave-take]', box).onclick = () => { restore(form, copy.data); box.hidden = true; form.dispatchEvent(new Event('input', { bubbles: true })); };
  });
  function restore(form, data) {
    all('[data-rows]', form).forEach(group => {
      const indexes = data.map(([k]) => k.startsWith(group.dataset.rows + '-') ? parseInt(k.slice(group.dataset.rows.length + 1), 10) : -1);
      const wanted = Math.max(-1, ...indexes) + 1;
      const add = $('[data-row-add]', group);
      while (add && !add.hidden && all('[data-row]', $('[data-rows-body]', group)).length < wanted) add.click();
    });
    const left = new Map();
    data.forEach(([k, v]) => left.set(k, [...(left.get(k) || []), v]));
    [...form.elements].forEach(el => {
      if (!el.name || el.name === 'csrf_token' || el.name === 'version' || /^(file|submit|button|password)$/.test(el.type)) return;
      const values = left.get(el.name) || [];
      if (/^(checkbox|radio)$/.test(el.type)) el.checked = values.includes(el.value);
      else if (el.multiple) [...el.options].forEach(o => { o.selected = values.includes(o.value); });
      else if (values.length) el.value = values.shift();
    });
  }
  /* signing out leaves nothing on a shared computer */
  doc.addEventListener('submit', e => { if (e.target.matches('[data-sign-out]')) store.keys().forEach(store.drop); });
})();
