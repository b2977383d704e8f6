/* Counterpart: what makes forms nicer. Sent only with pages that have one; everything works without it. */
(() => {
  'use strict';
  const { $, all, debounce, store, make, fill, wake, fresh, plain, sift, box, whenRestored, language, parts, enhance } = window.counterpart;
  const doc = document;
  /* rows of repeated fieldsets */
  const number = group => {
    const name = group.dataset.rows;
    const rows = all('[data-row]', $('[data-rows-body]', group));
    const start = new RegExp('(^|[\\s#])' + name.replace(/[^\w]/g, '\\$&') + '-\\d+', 'g');
    rows.forEach((row, i) => {
      [row, ...all('*', row)].forEach(el => ['name', 'id', 'for', 'value', 'aria-describedby', 'aria-labelledby', 'aria-controls', 'href'].forEach(a => {
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
      enhance(body.lastElementChild);
      const first = $('input:not([type=hidden]), select, textarea', body.lastElementChild);
      if (first) first.focus();
    } else {
      b.closest('[data-row]').remove();
      number(group);
      group.focus();
    }
    wake(group, 'input');
  });

  /* long lists of checkboxes: the chosen as tags, a filter, arrow keys */
  const pickers = scope => fresh('[data-picker]', scope).forEach(el => {
    const [tools, chosen, filter, status, list] = ['tools', 'chosen', 'filter', 'status', 'list'].map(n => $(`[data-picker-${n}]`, el));
    const items = all('.choice', list);
    const draw = () => chosen.replaceChildren(...items.filter(c => box(c).checked).map(c => {
      const name = c.textContent.trim();
      const off = () => { box(c).click(); filter.focus(); };
      return make('li', {}, make('button', { type: 'button', className: 'chip', dir: 'auto', textContent: name, ariaLabel: fill(chosen.dataset.textRemove, name), onclick: off, disabled: box(c).disabled }));
    }));
    const show = () => {
      const found = sift(items, plain(filter.value.trim()));
      all('.choice-group', list).forEach(g => { g.hidden = !$('.choice:not([hidden])', g); });
      return found;
    };
    tools.hidden = false;
    draw();
    whenRestored(filter, draw);
    list.addEventListener('change', () => { draw(); status.textContent = fill(status.dataset.textChosen, chosen.children.length); });
    filter.addEventListener('input', e => { e.stopPropagation(); status.textContent = fill(status.dataset.textFound, show().length); });
    el.addEventListener('keydown', e => {
      if (!e.target.matches('input')) return;
      const boxes = items.filter(c => !c.hidden).map(box), at = boxes.indexOf(e.target), up = e.key === 'ArrowUp';
      if (up || e.key === 'ArrowDown') (boxes[at + (up ? -1 : 1)] || (up ? filter : e.target)).focus();
      else if (e.key === 'Enter') {
        const one = at < 0 ? filter.value && boxes[0] : e.target;
        if (one) one.click();
        if (at < 0) filter.select();
      } else if (e.key === 'Escape' && filter.value) { filter.value = ''; show(); filter.focus(); } else return;
      e.preventDefault();
      e.stopPropagation();
    });
  });

  /* days: a calendar beside the text, and what was understood */
  const whole = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
  const days = scope => fresh('[data-day]', scope).forEach(el => {
    const input = $('input', el), native = make('input', { type: 'date', tabIndex: -1, ariaHidden: 'true', className: 'day__native' });
    if (input.disabled || input.readOnly || !native.showPicker) return;
    const label = input.labels[0] ? input.labels[0].textContent.trim() : '';
    const button = make('button', { type: 'button', className: 'day__open', ariaLabel: `${el.dataset.textOpen}: ${label}` });
    const read = make('output', { className: 'day__read' });
    button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6h16v14H4zM4 10.500h16M8 3v4M16 3v4"/></svg>';
    el.append(native, button, read);
    const draw = () => {
      const t = input.value.trim(), f = t.match(/^(\d\d?)([./-])(\d\d?)\2(\d{4})$/);
      native.value = f ? `${f[4]}-${f[3].padStart(2, 0)}-${f[1].padStart(2, 0)}` : /^\d{4}-\d\d-\d\d$/.test(t) ? t : '';
      read.textContent = native.value ? whole.format(native.valueAsDate) : '';
    };
    draw();
    input.addEventListener('input', draw);
    whenRestored(input, draw);
    button.onclick = () => { try { native.showPicker(); } catch { input.focus(); } };
    native.oninput = () => { input.value = native.value.split('-').reverse().join('/'); draw(); wake(input, 'change'); };
  });

  /* amounts are shown again as 12 500,50 */
  doc.addEventListener('change', e => {
    const el = e.target;
    if (!el.matches('[data-amount]')) return;
    let t = el.value.replace(/[\s']/g, '');
    if (/,.*\./.test(t)) t = t.replace(/,/g, '');
    else if (/\..*,/.test(t) || /^\d{1,3}(\.\d{3}){2,}$/.test(t)) t = t.replace(/\./g, '').replace(',', '.');
    else t = /^\d*,(\d{1,2}|\d{4,})$/.test(t) ? t.replace(',', '.') : t.replace(/,/g, '');
    const m = t.match(/^(\d+)(?:\.(\d{1,2}))?$/);
    if (m) el.value = m[1].replace(/\B(?=(\d{3})+$)/g, '\u00a0') + (m[2] ? (language.startsWith('en') ? '.' : ',') + m[2] : '');
  });

  /* chosen files, each to be taken out again */
  const files = scope => fresh('[data-files]', scope).forEach(el => {
    const input = $('input', el), list = $('ul', el);
    const size = n => new Intl.NumberFormat(language, { style: 'unit', unit: n < 1e6 ? 'kilobyte' : 'megabyte', maximumFractionDigits: 1 }).format(n / (n < 1e6 ? 1e3 : 1e6));
    let kept = [];
    const set = chosen => {
      const carrier = new DataTransfer();
      chosen.forEach(f => carrier.items.add(f));
      input.files = carrier.files;
      kept = chosen;
      list.replaceChildren(...kept.map(f => make('li', {}, make('bdi', { textContent: f.name }), make('span', { className: 'muted', textContent: size(f.size) }),
        make('button', { type: 'button', className: 'files__remove', ariaLabel: fill(el.dataset.textRemove, f.name), textContent: '×', onclick: () => { set(kept.filter(k => k !== f)); input.focus(); } }))));
      if (kept.reduce((sum, f) => sum + f.size, 0) > (+input.dataset.max || Infinity)) list.append(make('li', { className: 'field-error', textContent: el.dataset.textLarge }));
    };
    input.addEventListener('change', () => {
      const now = [...input.files];
      set(input.multiple ? [...kept.filter(k => !now.some(f => f.name === k.name)), ...now] : now);
    });
  });

  parts.push(pickers, days, files);
  [pickers, days, files].forEach(part => part(doc));

  /* live fragments: quality coach, duplicates */
  all('[data-live]').forEach(el => {
    const form = el.tagName === 'FORM' ? el : $('#' + el.dataset.liveForm) || el.closest('form');
    const target = el.dataset.liveTarget ? $(el.dataset.liveTarget) : el;
    if (!form || !target) return;
    let running;
    const busy = () => target !== form && target.contains(doc.activeElement);
    const ask = debounce(async () => {
      /* nobody's words are taken away under her hands: what she answers there is drawn anew when she leaves it */
      if (busy()) { target.addEventListener('focusout', ask, { once: true }); return; }
      if (running) running.abort();
      running = new AbortController();
      target.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(el.dataset.live, { method: 'POST', body: texts(form), redirect: 'manual', signal: running.signal, headers: { 'X-Requested-With': 'live' } });
        const drawn = await answer.text();
        if (answer.ok && busy()) target.addEventListener('focusout', ask, { once: true });
        else if (answer.ok) target.innerHTML = drawn;
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
  /* what is not for everybody never lies in the browser: contacts, places, baselines and money, and whole forms that are not public */
  const secret = /(^|-)(contact|place|baseline|budget_amount|cost_amount)$/;
  const isPublic = form => {
    const tier = $('[name=disclosure]:checked, select[name=disclosure]', form);
    return !('private' in form.dataset) && (!tier || tier.value === 'public');
  };
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

  /* signed in again in another tab: every page of ours then carries a token that is good here too */
  const renew = async () => {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
      const token = $('[data-sign-out] [name=csrf_token]', page);
      if (token) all('[name=csrf_token]').forEach(el => { el.value = token.value; });
      return !!token;
    } catch { return false; }
  };

  all('form[data-autosave]').forEach(form => {
    const key = `counterpart:${form.id}:${form.dataset.autosaveKey || ''}`;
    const status = $('[data-autosave-status]', form) || $('[data-autosave-status]');
    const again = $('[data-autosave-again]', form), door = $('[data-autosave-sign-in]', form);
    const say = (name, time) => {
      if (again) { again.hidden = /^Sav/.test(name); door.hidden = name !== 'SignedOut'; }
      if (!status) return;
      status.textContent = (status.dataset['text' + (/^(Off|Sig|Err)/.test(name) && !isPublic(form) ? 'Private' : name)] || '').replace('{time}', time || '');
      status.dataset.state = name.toLowerCase();
    };
    let latest = 0, dirty = false;
    const open = () => pairs(form).filter(([k]) => !secret.test(k));
    const keep = more => isPublic(form) ? store.set(key, { at: Date.now(), path: location.pathname, data: open(), ...more }) : store.drop(key);
    const send = async retried => {
      if (form.dataset.sending) return;
      const turn = ++latest;
      dirty = false;
      say('Saving');
      try {
        const answer = await fetch(form.dataset.autosave, { method: 'POST', body: texts(form), redirect: 'manual', headers: { 'X-Requested-With': 'autosave', Accept: 'application/json' } });
        if (turn !== latest) return;
        if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
          dirty = true;
          if (retried !== true && await renew()) return send(true);
          say('SignedOut');
          return;
        }
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
    const typed = () => { dirty = true; keep(); later(); };
    form.addEventListener('input', typed);
    /* what stands beside the form and belongs to it */
    doc.addEventListener('input', e => { if (e.target.form === form && !form.contains(e.target)) typed(); });
    form.addEventListener('submit', e => { if (!e.defaultPrevented) keep({ sent: true }); });
    addEventListener('online', () => { if (dirty) send(); });
    addEventListener('visibilitychange', () => { if (dirty && (doc.hidden || (status || form).dataset.state === 'signedout')) send(); });
    if (again) $('[data-autosave-retry]', form).onclick = send;

    const copy = store.get(key), box = $('[data-autosave-restore]', form) || $('[data-autosave-restore]');
    const saved = Date.parse(form.dataset.savedAt || '') || 0;
    if (!copy || !copy.data || copy.at <= saved) { store.drop(key); return; }
    if (JSON.stringify(copy.data) === JSON.stringify(open()) || !box) return;
    const when = $('[data-autosave-when]', box);
    if (when) when.textContent = `(${day.format(new Date(copy.at))})`;
    box.hidden = false;
    $('[data-autosave-drop]', box).onclick = () => { store.drop(key); box.hidden = true; };
    $('[data-autosave-take]', box).onclick = () => { restore(form, copy.data); box.hidden = true; wake(form, 'input'); };
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

  /* parts of a long form: their state, and on a phone one at a time */
  const tasks = $('[data-tasks]');
  const links = tasks ? all('a', tasks) : [], sections = links.map(a => doc.getElementById(a.hash.slice(1)));
  const form = sections.length && sections.every(Boolean) && sections[0].closest('form');
  if (form) {
    const open = (part, focus) => {
      sections.forEach((p, i) => { p.classList.toggle('is-open', p === part); p === part ? links[i].setAttribute('aria-current', 'step') : links[i].removeAttribute('aria-current'); });
      const title = focus && $('h2', part);
      if (title) { title.tabIndex = -1; title.focus(); title.scrollIntoView(); }
    };
    sections.forEach((p, i) => {
      const next = sections[i + 1];
      if (!next) return;
      const button = make('button', { type: 'button', className: 'ds-button tasks__next', textContent: `${tasks.dataset.textNext} ${$('.tasks__title', links[i + 1]).textContent}`, onclick: () => open(next, true) });
      button.dataset.variant = 'secondary';
      p.append(button);
    });
    const full = el => el.tagName === 'FIELDSET' ? $('input:checked', el) : /^(radio|checkbox)$/.test(el.type) ? el.checked : el.value.trim();
    form.addEventListener('input', e => {
      const i = sections.findIndex(p => p.contains(e.target)), asked = i < 0 ? [] : all('[required], [aria-required], fieldset:not(:has(.optional))', sections[i]);
      if (!asked.length) return;
      const state = asked.every(full) ? 'complete' : 'to_do';
      links[i].dataset.state = state;
      const words = $('.tasks__state', links[i]) || links[i].appendChild(make('span', { className: 'tasks__state' }));
      words.textContent = tasks.dataset['text' + (state === 'complete' ? 'Complete' : 'To_do')];
    });
    form.classList.add('tasked');
    const of = hash => sections.find(p => hash.length > 1 && p.contains(doc.getElementById(hash.slice(1))));
    doc.addEventListener('click', e => { const a = e.target.closest('a[href^="#"]'), part = a && of(a.hash); if (part) open(part, links.includes(a)); });
    open(sections.find(p => $('[aria-invalid=true]', p)) || of(location.hash) || sections[Math.max(0, links.findIndex(a => a.dataset.state === 'to_do'))]);
  }
})();
