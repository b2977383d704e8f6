/* Counterpart: everything works without this file; it makes things nicer. What only forms need is in forms.js. */
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
  const make = (tag, props, ...parts) => { const el = Object.assign(doc.createElement(tag), props); el.append(...parts); return el; };
  const fill = (text, name) => (text || '').replace(/\{\w+\}/, name);
  const wake = (el, ...names) => names.forEach(n => el.dispatchEvent(new Event(n, { bubbles: true })));
  const seen = new WeakSet();
  const fresh = (s, r) => all(s, r).filter(el => !seen.has(el) && seen.add(el));
  const spoken = $('[data-announce]') || make('p');
  const announce = text => { spoken.textContent = text; };
  const { font: fontURL, names: namesURL } = doc.currentScript ? doc.currentScript.dataset : {};
  root.classList.add('js');
  const language = root.lang === 'en' ? 'en-GB' : root.lang;

  /* web font, on idle, never on a slow or saving line */
  const idle = window.requestIdleCallback || (fn => setTimeout(fn, 1500));
  const line = navigator.connection || {};
  if (fontURL && window.FontFace && !line.saveData && !/[23]g/.test(line.effectiveType || '')) {
    const load = () => idle(() => new FontFace('Inter', `url(${fontURL}) format("woff2")`, { weight: '400 700', display: 'swap' })
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

  /* finding in lists: without accents, by codes and by names in other languages too */
  const plain = s => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  let otherNames;
  doc.addEventListener('focusin', e => {
    if (otherNames || !namesURL || !e.target.matches('[data-picker-filter], [data-facet-filter], .combo__input')) return;
    otherNames = {};
    fetch(namesURL).then(r => r.json()).then(names => { otherNames = names; }, () => { otherNames = null; });
  });
  const fits = (text, code, word) => plain(text).includes(word) || plain(` ${code} ${(otherNames || {})[code] || ''}`).includes(' ' + word);
  const box = choice => $('input', choice);
  const sift = (items, word) => items.filter(c => !(c.hidden = !fits(c.textContent, box(c).value, word)));

  /* long facets */
  const facets = scope => fresh('[data-facet]', scope).forEach(list => {
    const filter = $('[data-facet-filter]', list), more = $('details', list);
    filter.hidden = false;
    filter.addEventListener('input', e => {
      e.stopPropagation();
      more.open = !!filter.value;
      announce(fill(spoken.dataset.textFound, sift(all('.choice', list), plain(filter.value.trim())).length));
    });
    filter.addEventListener('change', e => e.stopPropagation());
    filter.addEventListener('keydown', e => { if (e.key === 'Enter') e.preventDefault(); });
  });
  /* a draft is restored: what is drawn from fields is drawn again */
  const whenRestored = (el, redraw) => el.form && el.form.addEventListener('input', e => { if (e.target === el.form) redraw(); });

  /* long selects become comboboxes after the pattern of WAI-ARIA; the select stays beneath and is what is sent */
  const combos = scope => fresh('select.ds-input:not([multiple])', scope).forEach(select => {
    if (select.options.length < 13 || select.disabled) return;
    const { id } = select, name = () => (select.selectedOptions[0] || select.options[0]).text;
    const input = make('input', { type: 'text', id, className: 'ds-input combo__input', role: 'combobox', autocomplete: 'off', spellcheck: false, dir: 'auto', ariaExpanded: 'false', ariaAutoComplete: 'list' });
    const list = make('ul', { id: id + '-list', role: 'listbox', className: 'combo__list', hidden: true, ariaLabel: select.labels[0] ? select.labels[0].textContent.trim() : '' });
    ['aria-describedby', 'aria-invalid', 'aria-label'].forEach(a => { if (select.hasAttribute(a)) input.setAttribute(a, select.getAttribute(a)); });
    input.setAttribute('aria-controls', list.id);
    if (select.required) { input.ariaRequired = 'true'; select.required = false; }
    select.id += '-native';
    select.hidden = true;
    select.after(make('div', { className: 'combo' }, input, list));
    let active = -1;
    const draw = () => { input.value = select.value ? name() : ''; input.placeholder = select.value ? '' : name(); };
    const close = () => { list.hidden = true; input.ariaExpanded = 'false'; input.removeAttribute('aria-activedescendant'); active = -1; };
    const pick = i => {
      const was = select.selectedIndex;
      select.selectedIndex = i;
      draw();
      close();
      if (was !== i) wake(select, 'input', 'change');
    };
    const open = word => {
      const found = [...select.options].filter(o => fits(o.text, o.value, word));
      list.replaceChildren(...found.map(o => make('li', { id: `${list.id}-${o.index}`, role: 'option', textContent: o.text, ariaSelected: String(o.selected), onclick: () => pick(o.index) })));
      list.hidden = !found.length;
      input.ariaExpanded = String(!list.hidden);
      active = -1;
      if (word) announce(fill(spoken.dataset.textFound, found.length));
    };
    const move = step => {
      if (list.hidden) open('');
      const rows = [...list.children];
      if (!rows.length) return;
      if (rows[active]) rows[active].classList.remove('is-active');
      active = (active + step + (active < 0 && step < 0 ? 1 : 0) + rows.length) % rows.length;
      rows[active].classList.add('is-active');
      rows[active].scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', rows[active].id);
    };
    draw();
    whenRestored(select, draw);
    list.onmousedown = e => e.preventDefault();
    input.onclick = () => { input.select(); if (list.hidden) open(''); };
    input.oninput = e => { e.stopPropagation(); open(plain(input.value.trim())); };
    input.onchange = e => e.stopPropagation();
    input.onblur = () => {
      const word = plain(input.value.trim()), same = [...select.options].find(o => plain(o.text) === word || (!word && !o.value));
      if (same) pick(same.index); else { draw(); close(); }
    };
    input.onkeydown = e => {
      const rows = list.children;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') move(e.key === 'ArrowUp' ? -1 : 1);
      else if (e.key === 'Enter' && !list.hidden) (rows[active] || (input.value && rows[0]) || { click: close }).click();
      else if (e.key === 'Escape' && !list.hidden) { draw(); close(); } else return;
      e.preventDefault();
      e.stopPropagation();
    };
  });

  const parts = [facets, combos];
  const enhance = scope => parts.forEach(part => part(scope));
  enhance(doc);

  /* filter forms: data-auto-submit, or data-auto-submit="#results" to swap only that part */
  const here = () => location.pathname + location.search;
  let shown = here();
  const swapPage = async (url, selectors) => {
    const areas = selectors.split(',').map(s => s.trim());
    areas.forEach(s => $(s) && $(s).setAttribute('aria-busy', 'true'));
    try {
      const answer = await fetch(url, { headers: { 'X-Requested-With': 'fetch' } });
      if (!answer.ok || answer.redirected) throw 0;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const id = doc.activeElement && doc.activeElement.id;
      const pairs = areas.map(s => [$(s), $(s, page)]);
      if (pairs.some(p => !p[0] || !p[1])) throw 0;
      pairs.forEach(([old, next]) => old.replaceWith(doc.importNode(next, true)));
      areas.forEach(s => enhance($(s)));
      doc.title = page.title;
      history.pushState({ swapped: true }, '', url);
      shown = here();
      if (id && doc.getElementById(id)) doc.getElementById(id).focus();
      const count = $('[data-results-count]');
      if (count) announce(count.textContent);
    } catch { location.href = url; }
  };
  /* a link within the page comes back here as well: what was typed stays as long as the address is the same */
  addEventListener('popstate', () => here() === shown || location.reload());
  doc.addEventListener('change', e => {
    const form = e.target.form;
    if (!form || !form.hasAttribute('data-auto-submit')) return;
    const areas = form.dataset.autoSubmit;
    if (!areas || form.method !== 'get') { form.requestSubmit(); return; }
    const query = new URLSearchParams([...new FormData(form)].filter(p => p[1] !== ''));
    const url = new URL(form.getAttribute('action') || location.pathname, location.href);
    url.search = query;
    swapPage(url, areas);
  });

  /* a copy is kept no longer than a sign-in lasts */
  store.keys().forEach(k => { const c = store.get(k); if (c && Date.now() - c.at > 432e5) store.drop(k); });

  /* a copy that was sent has arrived if it led to another page, or back to this one with a word that it was done;
     not if that page asks to sign in or is an error */
  if (!$('[data-error-page], [data-sign-in], main input[type=password]')) {
    store.keys().forEach(k => {
      const c = store.get(k);
      if (c && c.sent) c.path === location.pathname && $('form[data-autosave]') && !$('.flashes [data-color=success]') ? store.set(k, { ...c, sent: false }) : store.drop(k);
    });
  }

  /* signing out leaves nothing on a shared computer */
  doc.addEventListener('submit', e => { if (e.target.matches('[data-sign-out]')) store.keys().forEach(store.drop); });

  /* the line has dropped: say so, keep what was typed, and hold back what would be lost */
  const note = $('[data-connection]');
  if (note) {
    const tell = name => { note.textContent = note.dataset[name]; };
    addEventListener('offline', () => tell('textGone'));
    addEventListener('online', () => { if (note.textContent) { tell('textBack'); setTimeout(() => { note.textContent = ''; }, 5000); } });
    if (navigator.onLine === false) tell('textGone');
    doc.addEventListener('submit', e => { if (navigator.onLine === false && e.target.method === 'post') { e.preventDefault(); tell('textHeld'); } }, true);
  }

  /* from hit to hit with j and k, or with the arrows once one of them has the focus; Enter opens, since it is a link */
  const step = e => {
    const by = { j: 1, k: -1 }[e.key] || ({ ArrowDown: 1, ArrowUp: -1 }[e.key] || 0) * (e.target.closest('[data-hits] .card__title, [name=q]') ? 1 : 0);
    const links = by ? all('[data-hits] .card__title a') : [], at = links.indexOf(doc.activeElement);
    const next = at < 0 ? links[0] : links[at + by] || (by < 0 && $('main [type=search][name=q]'));
    if (next) next.focus();
    return !!next;
  };

  /* keyboard shortcuts, listed under ? and to be switched off there */
  const sheet = $('[data-shortcuts]');
  if (sheet && sheet.showModal) {
    const toggle = $('[data-shortcuts-switch]', sheet), known = all('[data-keys]', sheet);
    let first = '';
    toggle.checked = store.get('keys') !== 'off';
    toggle.onchange = () => store.set('keys', toggle.checked ? 'on' : 'off');
    all('[data-shortcuts-open]').forEach(b => { b.onclick = () => sheet.showModal(); });
    sheet.onclick = e => { if (e.target === sheet) sheet.close(); };
    doc.addEventListener('keydown', e => {
      if (!toggle.checked || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.key === 'Shift' || e.target.closest('input:not([type=search][name=q]), select, textarea, [contenteditable], dialog')) return;
      if (e.target.name === 'q' ? e.key === 'ArrowDown' && step(e) : step(e)) { e.preventDefault(); return; }
      if (e.target.name === 'q') return;
      const typed = first + e.key, hit = known.find(k => k.dataset.keys === typed);
      first = first === '' && known.some(k => k.dataset.keys.startsWith(e.key + ' ')) ? e.key + ' ' : '';
      if (e.key === '?') sheet.showModal();
      else if (hit) {
        const search = e.key === '/' && $('main [type=search][name=q]');
        search ? (search.focus(), search.select()) : location.assign(hit.dataset.href);
      } else return;
      e.preventDefault();
    });
  }

  window.counterpart = { $, all, debounce, store, make, fill, wake, fresh, plain, sift, box, whenRestored, language, parts, enhance };
})();
