// Pages of the room: they follow the journal by themselves, say when they are cut off, and send entries once.
(function () {
  'use strict';
  const corps = document.body.dataset, racine = corps.racine, lien = document.getElementById('lien');
  const tard = new Map();  // places whose new content waits for somebody to leave them
  let source = null, repere = corps.repere;

  // What changed replaces what is shown, never what somebody types or chooses; what was unfolded stays so.
  function poser(nom, html) {
    document.querySelectorAll('[data-fragment="' + nom + '"]').forEach(place => poserIci(place, html));
    document.dispatchEvent(new CustomEvent('salle:fragment', { detail: nom }));
  }
  function poserIci(place, html) {
    if ('parMorceau' in place.dataset) return poserParMorceau(place, html);
    if (place.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')) { tard.set(place, html); return; }
    tard.delete(place);
    remplacer(place, html);
  }
  function remplacer(place, html) {
    const dites = annonces(place), ouverts = [...place.querySelectorAll('details[open][id]')].map(x => x.id);
    const choix = place.value, foyer = place.contains(document.activeElement) && document.activeElement.id;
    place.innerHTML = html;
    for (const x of place.querySelectorAll('details[id]')) x.open = ouverts.includes(x.id);
    if (place.matches('select') && [...place.options].some(x => x.value === choix)) place.value = choix;
    if (foyer) document.getElementById(foyer)?.focus();
    for (const x of annonces(place)) if (!dites.includes(x)) annoncer(x);
  }
  // Place made of pieces with an id: a new one is added; of one already there, only what bears data-vif is replaced.
  function poserParMorceau(place, html) {
    const neufs = document.createElement('template');
    neufs.innerHTML = html;
    for (const neuf of [...neufs.content.children]) {
      const vieux = document.getElementById(neuf.id), vif = neuf.querySelector('[data-vif]'), la = vieux?.querySelector('[data-vif]');
      if (!vieux) { place.append(neuf); annoncer(neuf.dataset.annonce || ''); continue; }
      vieux.hidden = neuf.hidden;
      if (!vif || !la) continue;
      la.dataset.version = vif.dataset.version;
      if (la.innerHTML !== vif.innerHTML) remplacer(la, vif.innerHTML);
    }
  }
  const annonces = place => [...place.querySelectorAll('[data-annonce]')].map(x => x.dataset.annonce).filter(Boolean);
  // What comes at once is said at once, and heard whole by a screen reader.
  let aDire = [];
  function annoncer(texte) {
    aDire.push(texte);
    setTimeout(function () {
      const place = document.getElementById('annonce');
      if (place && aDire.length) place.textContent = aDire.join(' ');
      aDire = [];
    }, 100);
  }
  document.addEventListener('focusout', () => setTimeout(function () { for (const [place, html] of [...tard]) poserIci(place, html); }));

  function dire(texte) {
    if (lien.textContent !== texte) lien.textContent = texte;
    lien.hidden = !texte;
  }

  const COUPEE = corps.page === 'participant'
    ? "La salle ne répond plus. Rien n'est perdu : ce que vous écrivez est gardé ici, et la page se relie d'elle-même."
    : "La page n'est plus reliée à la salle : elle se relie d'elle-même. Ce qui était noté est gardé.";
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
  window.addEventListener('offline', relier);  // at once, unless this computer is its own network

  function cle() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map(x => x.toString(16).padStart(2, '0')).join('');
  }

  // Send an entry: its answer and the code of it, or {erreur, champs}; « coupee » says that nobody answered, and that it may be sent again with the same key.
  async function envoyer(genre, contenu, plus) {
    const entree = Object.assign({ genre: genre, cle: cle(), contenu: contenu }, plus);
    try {
      const reponse = await fetch(racine + 'entree', {
        method: 'POST', body: JSON.stringify(entree), headers: { 'Content-Type': 'application/json' },
        signal: AbortSignal.timeout?.(15000),  // an older phone waits as long as it takes
      });
      return Object.assign(await reponse.json(), { code: reponse.status });
    } catch (erreur) {
      return { erreur: "Rien n'a répondu : l'envoi sera à refaire.", champs: [], code: 0, coupee: true, cle: entree.cle };
    }
  }

  window.salle = { envoyer: envoyer, relier: relier, dire: dire, cle: cle };
  relier();
})();
