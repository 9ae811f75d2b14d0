// Pages of the room: they follow the journal by themselves, say when they are cut off, and send entries once.
(function () {
  'use strict';
  const corps = document.body.dataset, racine = corps.racine, lien = document.getElementById('lien');
  let source = null, repere = corps.repere;

  // What changed replaces what is shown; a part where somebody types or chooses waits until they leave it.
  function poser(nom, html) {
    for (const place of document.querySelectorAll('[data-fragment="' + nom + '"]')) {
      if (place.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')) {
        document.activeElement.addEventListener('blur', function () { poser(nom, html); }, { once: true });
      } else if (place.innerHTML !== html) {
        place.innerHTML = html;
        document.dispatchEvent(new CustomEvent('salle:fragment', { detail: nom }));
      }
    }
  }

  function dire(texte) {
    if (lien.textContent !== texte) lien.textContent = texte;
    lien.hidden = !texte;
  }

  const COUPEE = "La page n'est plus reliée à la salle : elle réessaie d'elle-même. Ce qui était noté est gardé.";
  const SILENCE_MS = 12000, REESSAI_MS = 2000;  // the server says every five seconds that it is there
  let entendue = Date.now(), attente = null;

  // A link that breaks is made again by the browser; one that is refused, or silent, is made anew here.
  function relier() {
    clearTimeout(attente);
    if (source) source.close();
    entendue = Date.now();
    source = new EventSource(adresse());
    source.onopen = function () {
      entendue = Date.now();
      dire('');
      document.dispatchEvent(new CustomEvent('salle:reliee'));
    };
    source.addEventListener('vivant', function () { entendue = Date.now(); });
    source.addEventListener('etat', function (evenement) {
      entendue = Date.now();
      repere = evenement.lastEventId;
      for (const [nom, html] of Object.entries(JSON.parse(evenement.data))) poser(nom, html);
    });
    source.onerror = function () {
      couper(COUPEE);
      if (source.readyState === EventSource.CLOSED) attente = setTimeout(demander, REESSAI_MS);
    };
  }

  function adresse() {
    return racine + 'flux?page=' + corps.page + '&repere=' + encodeURIComponent(repere);
  }

  function couper(texte) {
    dire(texte);
    document.dispatchEvent(new CustomEvent('salle:coupee'));
  }

  // Why a link was refused: another code (the page asks for it), a full room (when to come back), or nobody to say.
  async function demander() {
    const arret = new AbortController();
    try {
      const reponse = await fetch(adresse(), { signal: arret.signal, cache: 'no-store' });
      if (reponse.ok) { arret.abort(); return relier(); }
      if (reponse.status === 403) return location.reload();
      couper((await reponse.json()).erreur);
      attente = setTimeout(demander, 1000 * (Number(reponse.headers.get('Retry-After')) || 5));
    } catch (erreur) {
      attente = setTimeout(demander, REESSAI_MS);
    }
  }

  // A link may die without a word (Wi-Fi left, computer asleep): silence says it.
  function veiller() {
    if (document.hidden || Date.now() - entendue < SILENCE_MS) return;
    couper(COUPEE);
    relier();
  }
  setInterval(veiller, 3000);
  document.addEventListener('visibilitychange', veiller);
  window.addEventListener('online', relier);

  function cle() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map(x => x.toString(16).padStart(2, '0')).join('');
  }

  // Send an entry: its answer, or {erreur, champs}; « coupee » says that nobody answered, and that it may be sent again with the same key.
  async function envoyer(genre, contenu, plus) {
    const entree = Object.assign({ genre: genre, cle: cle(), contenu: contenu }, plus);
    try {
      const reponse = await fetch(racine + 'entree', {
        method: 'POST', body: JSON.stringify(entree), headers: { 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout(15000),
      });
      return await reponse.json();
    } catch (erreur) {
      return { erreur: "Rien n'a répondu : l'envoi sera à refaire.", champs: [], coupee: true, cle: entree.cle };
    }
  }

  window.salle = { envoyer: envoyer, relier: relier, dire: dire, cle: cle };
  relier();
})();
