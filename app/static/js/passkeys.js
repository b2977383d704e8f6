/* Counterpart: passkeys. Forms that need one are hidden until this script has seen that the browser can. */
(() => {
  'use strict';
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const read = options => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    ['allowCredentials', 'excludeCredentials'].forEach(name => (options[name] || []).forEach(one => { one.id = bytes(one.id); }));
    return options;
  };
  const written = made => {
    const response = {};
    ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach(name => {
      if (made.response[name]) response[name] = text(made.response[name]);
    });
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() });
  };
  document.querySelectorAll('form[data-passkey]').forEach(form => {
    form.hidden = false;
    const fault = form.querySelector('[role=alert]');
    form.addEventListener('submit', async event => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      fault.hidden = true;
      try {
        const made = await navigator.credentials[form.dataset.passkey]({ publicKey: read(JSON.parse(form.dataset.options)) });
        form.elements.credential.value = written(made);
        form.requestSubmit();
      } catch (error) {
        fault.textContent = form.dataset.failed;
        fault.hidden = false;
      }
    });
  });
  document.querySelectorAll('[data-without-passkeys]').forEach(note => { note.hidden = true; });
})();
