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

  // The browser tries again by itself; only a link refused for good is made anew here.
  function relier() {
    if (source) source.close();
    source = new EventSource(racine + 'flux?page=' + corps.page + '&repere=' + encodeURIComponent(repere));
    source.onopen = function () { dire(''); document.dispatchEvent(new CustomEvent('salle:reliee')); };
    source.addEventListener('etat', function (evenement) {
      repere = evenement.lastEventId;
      for (const [nom, html] of Object.entries(JSON.parse(evenement.data))) poser(nom, html);
    });
    source.onerror = function () {
      dire("La page n'est plus reliée à la salle : elle réessaie d'elle-même. Ce qui était noté est gardé.");
      if (source.readyState === EventSource.CLOSED) setTimeout(relier, 2000);
    };
  }

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
