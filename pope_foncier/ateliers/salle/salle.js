// Pages of the room: they follow the journal by themselves, say when they are cut off, and come back by themselves.
(function () {
  'use strict';
  const corps = document.body.dataset, racine = corps.racine, lien = document.getElementById('lien');
  const SILENCE_MS = 25000, SOMMEIL_MS = 12000, RECUL_MAX_MS = 8000;
  const COUPEE = "La salle ne répond plus. Rien n'est perdu : ce que vous écrivez est gardé ici, et la page se relie d'elle-même.";
  const tard = new Map();  // places whose new content waits for somebody to leave them
  let source = null, repere = corps.repere, entendu = Date.now(), essais = 0, minuterie = 0;

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
  function annoncer(texte) {
    const place = document.getElementById('annonce');
    if (place) place.textContent = texte;
  }
  document.addEventListener('focusout', () => setTimeout(function () { for (const [place, html] of [...tard]) poserIci(place, html); }));

  function dire(texte, adresse) {
    if (lien.textContent !== texte) lien.textContent = texte;
    if (adresse) lien.append(Object.assign(document.createElement('a'), { href: adresse, textContent: ' Donner le code' }));
    lien.hidden = !texte;
  }

  function relier() {
    clearTimeout(minuterie);
    if (source) source.close();
    entendu = Date.now();
    source = new EventSource(racine + 'flux?page=' + corps.page + '&repere=' + encodeURIComponent(repere));
    source.onopen = function () { entendre(); dire(''); document.dispatchEvent(new CustomEvent('salle:reliee')); };
    source.addEventListener('pouls', entendre);
    source.addEventListener('etat', function (evenement) {
      entendre();
      repere = evenement.lastEventId;
      for (const [nom, html] of Object.entries(JSON.parse(evenement.data))) poser(nom, html);
    });
    source.onerror = couper;
  }
  function entendre() { entendu = Date.now(); essais = 0; }
  function couper() {
    source.close();
    dire(COUPEE);
    clearTimeout(minuterie);
    minuterie = setTimeout(relier, Math.min(500 * 2 ** essais++, RECUL_MAX_MS) * (0.7 + 0.6 * Math.random()));
    if (essais > 1) demanderSiLeCodeVaut();
  }
  // A server started again with another code answers with the page of the code.
  async function demanderSiLeCodeVaut() {
    try {
      const page = await (await fetch(racine, { cache: 'no-store', signal: AbortSignal.timeout(5000) })).text();
      if (corps.page === 'participant' && page.includes('name="code"')) dire('Le code de la salle a changé.', racine);
    } catch (coupure) { /* still cut */ }
  }
  // A phone that slept, or a network that died without a word, hears nothing: it links again.
  setInterval(function () { if (Date.now() - entendu > SILENCE_MS && source.readyState !== EventSource.CLOSED) { dire(COUPEE); relier(); } }, 5000);
  function reveiller() { if (document.visibilityState === 'visible' && (source.readyState !== EventSource.OPEN || Date.now() - entendu > SOMMEIL_MS)) relier(); }
  document.addEventListener('visibilitychange', reveiller);
  addEventListener('pageshow', reveiller);
  addEventListener('online', relier);

  function cle() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map(x => x.toString(16).padStart(2, '0')).join('');
  }

  // Send an entry: { code (of the answer, 0 when nobody answered), rang, erreur, champs }; sent again with the same key, it is written once.
  async function envoyer(genre, contenu, plus) {
    const entree = Object.assign({ genre: genre, cle: cle(), contenu: contenu }, plus);
    try {
      const reponse = await fetch(racine + 'entree', {
        method: 'POST', body: JSON.stringify(entree), headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(10000),
      });
      return Object.assign({ erreur: '', champs: [] }, await reponse.json().catch(() => ({})), { code: reponse.status, cle: entree.cle });
    } catch (coupure) {
      return { code: 0, erreur: 'La salle ne répond pas.', champs: [], coupee: true, cle: entree.cle };
    }
  }

  window.salle = { envoyer: envoyer, relier: relier, dire: dire, cle: cle };
  relier();
})();
