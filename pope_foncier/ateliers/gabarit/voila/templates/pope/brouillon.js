// Draft of the page, kept for this tab alone: levers and words not given yet come back after a cut or a reload.
(function () {
  const CLE = 'pf-brouillon', AGE_MS = 12 * 3600 * 1000, TOUR_MS = 1000;
  const CHAMPS = '.pf-journal input[type=text], .pf-journal textarea';
  let rendu = false, prise = null;

  function lien() { return document.querySelector('.pf-atelier .pf-brouillon input'); }

  function lire(texte) {
    try { return JSON.parse(texte) || {}; } catch (erreur) { return {}; }
  }

  function libelle(champ) {
    const boite = champ.closest('.jupyter-widgets'), nom = boite && boite.querySelector('label');
    return nom ? nom.textContent.trim() : '';
  }

  function garder() {
    const champ = lien();
    if (!champ || !rendu) return;
    const dit = lire(champ.value);
    if (!dit.cle) return;
    const textes = {};
    for (const x of document.querySelectorAll(CHAMPS)) if (libelle(x) && x.value) textes[libelle(x)] = x.value;
    const neuf = JSON.stringify({ quand: Date.now(), cle: dit.cle, reglages: dit.reglages, textes: textes });
    try { sessionStorage.setItem(CLE + ':' + dit.cle, neuf); } catch (erreur) { /* a full or closed store: the page goes on */ }
  }

  function rendre() {
    const champ = lien(), dit = champ ? lire(champ.value) : {};
    if (!dit.cle) return;
    rendu = true;
    clearInterval(prise);
    setInterval(garder, TOUR_MS);
    const garde = lire(sessionStorage.getItem(CLE + ':' + dit.cle));
    if (!garde.quand || Date.now() - garde.quand > AGE_MS) return;
    champ.value = JSON.stringify({ rendre: dit.cle, reglages: garde.reglages, textes: garde.textes });
    champ.dispatchEvent(new Event('input', { bubbles: true }));
    champ.dispatchEvent(new Event('change', { bubbles: true }));
  }

  prise = setInterval(rendre, 200);
  document.addEventListener('input', function () { setTimeout(garder, 0); });
  document.addEventListener('pf-coupee', garder);
  window.addEventListener('pagehide', garder);
})();
