/* Counterpart: work in the background. The page asks how far it is and, once it has ended, is opened anew. */
(() => {
  'use strict';
  const place = document.querySelector('[data-progress]');
  if (!place) return;
  const bar = place.querySelector('progress');
  const words = place.querySelector('[data-progress-words]');
  let wait = 1000;
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { 'X-Requested-With': 'live' } });
      if (!answer.ok || answer.redirected) { location.reload(); return; }
      const said = await answer.json();
      if (said.over) { location.reload(); return; }
      if (said.total) { bar.max = said.total; bar.value = said.done; }
      if (words.textContent !== said.words) words.textContent = said.words;
      wait = Math.min(wait * 1.1, 5000);
    } catch { wait = 10000; /* no line just now: ask again later */ }
    setTimeout(ask, wait);
  };
  setTimeout(ask, wait);
})();
