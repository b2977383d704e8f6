/* What the walk asks of an open page. Each answer is plain data; tests/browser/inspector.py makes sentences of it. */
askedForWords => {
  const doc = document;
  if (doc.contentType !== 'text/html' || !doc.doctype) return null;
  const brief = el => {
    const copy = el.cloneNode(false);
    copy.textContent = (el.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 80);
    return copy.outerHTML.slice(0, 300);
  };
  const style = el => getComputedStyle(el);
  const isShown = el => el.checkVisibility ? el.checkVisibility({ visibilityProperty: true }) : el.offsetParent !== null;
  const isForTheEarOnly = el => { const s = style(el); return s.clipPath.includes('inset(50%)') || s.clip.startsWith('rect(0') || (el.clientWidth <= 1 && el.clientHeight <= 1); };

  /* the page as a whole */
  const frame = () => ({
    h1: [...doc.querySelectorAll('h1')].map(brief),
    title: doc.title,
    language: doc.documentElement.lang,
    direction: doc.documentElement.dir,
  });

  /* what reaches beyond the side, if anything does */
  const sideways = () => {
    const width = doc.scrollingElement.scrollWidth;
    if (width <= innerWidth + 1) return null;
    const rtl = doc.documentElement.dir === 'rtl';
    /* what a closed <details> holds has a place of its own, and takes none on the page */
    const beyond = el => { const r = el.getBoundingClientRect(); return isShown(el) && r.width > 0 && (rtl ? r.left < -1 : r.right > innerWidth + 1); };
    const held = el => { for (let p = el.parentElement; p; p = p.parentElement) { if (style(p).overflowX !== 'visible') return p !== doc.body && p !== doc.documentElement; } return false; };
    const found = [...doc.body.querySelectorAll('*')].filter(el => beyond(el) && !held(el));
    const deepest = found.filter(el => !found.some(other => other !== el && el.contains(other)));
    return { width, by: deepest.slice(0, 3).map(brief) };
  };

  /* text that its box does not show whole; what scrolls can be reached, and what only the ear reads is not meant */
  const cut = () => {
    const hides = v => v === 'hidden' || v === 'clip';
    const hasWords = el => [...el.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim());
    /* a picture may reach beyond its box, a word may not */
    const losesWords = (el, across, down) => {
      const box = el.getBoundingClientRect();
      return [el, ...el.querySelectorAll('*')].filter(e => hasWords(e) && isShown(e) && !isForTheEarOnly(e)).some(e => {
        const range = doc.createRange();
        range.selectNodeContents(e);
        const r = range.getBoundingClientRect();
        return (across && (r.right > box.right + 1 || r.left < box.left - 1)) || (down && r.bottom > box.bottom + 2);
      });
    };
    const faults = [];
    for (const el of doc.body.querySelectorAll('*')) {
      if (!isShown(el) || el.closest('svg') || isForTheEarOnly(el)) continue;
      const s = style(el);
      const across = hides(s.overflowX) && el.scrollWidth > el.clientWidth + 1;
      const down = hides(s.overflowY) && el.scrollHeight > el.clientHeight + 2 && s.webkitLineClamp === 'none';
      if ((across || down) && el.clientWidth > 1 && losesWords(el, across, down)) {
        faults.push(`${across ? `${el.scrollWidth} in ${el.clientWidth} px wide` : `${el.scrollHeight} in ${el.clientHeight} px high`}: ${brief(el)}`);
      } else if (/^(BUTTON|SUMMARY)$/.test(el.tagName) && el.scrollWidth > el.clientWidth + 1 && el.clientWidth) {
        faults.push(`${el.scrollWidth} in ${el.clientWidth} px wide: ${brief(el)}`);
      }
    }
    return faults.slice(0, 10);
  };

  /* every text of the site's own: what is in the language of the page and is not marked as somebody's words */
  const texts = () => {
    const own = doc.documentElement.lang;
    const isOurs = el => {
      if (el.closest('script, style, noscript, code, kbd, bdi, [dir=auto], [translate=no]')) return false;
      const said = el.closest('[lang]');
      return !said || said.lang === own;
    };
    const block = el => { for (let e = el; e; e = e.parentElement) if (!/^(A|ABBR|B|BDI|BR|CITE|EM|I|KBD|MARK|Q|S|SMALL|SPAN|STRONG|SUB|SUP|TIME|U|TSPAN|DFN|DATA)$/i.test(e.tagName)) return e; return doc.body; };
    const runs = new Map();
    const walk = root => {
      const walker = doc.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
      for (let n = walker.nextNode(); n; n = walker.nextNode()) {
        if (n.nodeType === 1) { if (n.tagName === 'TEMPLATE') walk(n.content); continue; }
        if (!n.nodeValue.trim() || !n.parentElement || n.parentElement.closest('textarea')) continue;
        const b = block(n.parentElement);
        /* somebody's words in the middle of a sentence of ours are left out of it, the sentence's brackets are not */
        const text = isOurs(n.parentElement) ? n.nodeValue : n.nodeValue.replace(/[^⟦⟧]/g, ' ');
        runs.set(b, runs.has(b) ? `${runs.get(b)} ${text}` : text);
      }
    };
    walk(doc.body);
    const found = [...runs].map(([el, text]) => ({ text, where: brief(el), isOption: el.tagName === 'OPTION' }));
    const named = ['aria-label', 'aria-description', 'aria-valuetext', 'aria-roledescription', 'placeholder', 'title', 'alt', 'label', 'data-label'];
    const everything = [...doc.body.querySelectorAll('*'), ...[...doc.querySelectorAll('template')].flatMap(t => [...t.content.querySelectorAll('*')])];
    for (const el of everything) {
      const ours = isOurs(el) && !el.hidden;
      for (const { name, value } of el.attributes) {
        const isText = named.includes(name) || name.startsWith('data-text') || (name === 'value' && el.tagName === 'INPUT' && /^(submit|button|reset)$/.test(el.type));
        if (isText && value.trim() && ours) found.push({ text: value, where: `${name}= of ${brief(el)}`, isOption: el.tagName === 'OPTION' });
      }
    }
    found.push({ text: doc.title.replace(/ – Counterpart$/, ''), where: 'the title of the page', isTitle: true });
    return found;
  };

  if (askedForWords) return { cut: cut(), texts: texts() };
  return { frame: frame(), sideways: sideways(), refused: window.refusedByPolicy || [] };
}
