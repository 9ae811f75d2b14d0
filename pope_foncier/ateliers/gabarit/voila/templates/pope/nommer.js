// Accessible names: each slider handle says the label and the value of its typed field; each toggle and each fold says its state.
// What a reader has unfolded stays so when a lever draws it again.
(function () {
  const ouverts = window.popeOuverts = window.popeOuverts || new Set();
  function titre(pli) { const tete = pli.querySelector('summary'); return tete ? tete.textContent : ''; }
  function retenir(evenement) {
    const pli = evenement.target;
    if (!pli.matches || !pli.matches('.pf-atelier details') || !pli.isConnected) return;
    if (pli.open) ouverts.add(titre(pli)); else ouverts.delete(titre(pli));
  }
  if (window.popeRetenir) document.removeEventListener('toggle', window.popeRetenir, true);
  window.popeRetenir = retenir;
  document.addEventListener('toggle', retenir, true);

  function nommer() {
    for (const pli of document.querySelectorAll('.pf-atelier details:not([open]):not([data-vu])')) {
      pli.dataset.vu = '1';
      if (ouverts.has(titre(pli))) pli.open = true;
    }
    for (const bouton of document.querySelectorAll('.pf-atelier :is(.widget-toggle-buttons button, .widget-toggle-button, .pf-pied button)')) {
      const etat = String(bouton.classList.contains('mod-active') || bouton.classList.contains('pf-choisi'));
      if (bouton.getAttribute('aria-pressed') !== etat) bouton.setAttribute('aria-pressed', etat);
    }
    for (const pli of document.querySelectorAll('.pf-atelier .pf-pli')) {
      const ouvert = String(pli.classList.contains('pf-ouvert'));
      if (pli.getAttribute('aria-expanded') !== ouvert) pli.setAttribute('aria-expanded', ouvert);
    }
    for (const bouton of document.querySelectorAll('.pf-atelier .widget-upload')) {
      for (const mot of bouton.childNodes) if (mot.nodeType === Node.TEXT_NODE && mot.data.endsWith(' (0)')) mot.data = mot.data.slice(0, -4);
    }
    for (const levier of document.querySelectorAll('.pf-levier')) {
      const poignee = levier.querySelector('.noUi-handle'), champ = levier.querySelector('input[type=text]');
      const nom = levier.querySelector('label, .widget-label');
      if (!poignee || !champ || !nom) continue;
      if (poignee.getAttribute('aria-label') !== nom.textContent) poignee.setAttribute('aria-label', nom.textContent);
      if (poignee.getAttribute('aria-valuetext') !== champ.value) poignee.setAttribute('aria-valuetext', champ.value);
    }
  }
  // Enter sends the fields of a group; in one of several lines, shift goes to the next line.
  function envoyer(evenement) {
    const champ = evenement.target;
    if (evenement.key !== 'Enter' || evenement.shiftKey || evenement.isComposing || !champ.matches) return;
    if (!champ.matches('.pf-saisie input:not([type=date]), .pf-saisie textarea')) return;
    evenement.preventDefault();
    champ.dispatchEvent(new Event('change', { bubbles: true }));
    champ.closest('.pf-saisie').querySelector('.pf-envoi').click();
  }
  if (window.popeEnvoyer) document.removeEventListener('keydown', window.popeEnvoyer, true);
  window.popeEnvoyer = envoyer;
  document.addEventListener('keydown', envoyer, true);
  if (window.popeNommer) window.popeNommer.disconnect();
  window.popeNommer = new MutationObserver(nommer);
  window.popeNommer.observe(document.documentElement,
    { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-valuenow', 'aria-valuetext', 'class'] });
  nommer();
})();
