// Watch the link with the server: a page that is cut off says so, takes nothing more, and joins again by itself.
(function () {
  const PERIODE_MS = 4000, COUPEE_MS = 1500, ATTENTE_MS = 8000, DESSIN_MS = 60000, CANAL_MS = 180000, SANS_CANAL_MS = 12000;
  const RELANCES = 'pf-relances', RELANCES_MAX = 2;
  const AUCUN = '00000000-0000-0000-0000-000000000000';  // no kernel: a server that answers says « non »
  const BASE = document.body.dataset.baseUrl;
  let echecs = 0, coupee = 0, enCours = false, canal = null, avance = Date.now();

  function noyau() {
    const reglages = document.getElementById('jupyter-config-data');
    return reglages ? JSON.parse(reglages.textContent).kernelId : null;
  }

  function fermer(ferme) {
    document.documentElement.classList.toggle('pf-coupee', ferme);
    for (const partie of document.querySelectorAll('[role=main], #rendered_cells')) partie.inert = ferme;
    for (const partie of document.querySelectorAll('.pf-atelier')) {
      if (ferme) partie.setAttribute('aria-disabled', 'true'); else partie.removeAttribute('aria-disabled');
    }
  }

  function couper() {
    if (coupee) return;
    coupee = Date.now();
    document.dispatchEvent(new Event('pf-coupee'));
    fermer(true);
    const avis = document.createElement('div');
    avis.id = 'pf-coupee';
    avis.tabIndex = -1;
    avis.setAttribute('role', 'alert');
    avis.append("La page n'est plus reliée au serveur : rien de ce que vous feriez ne serait noté. Ce qui était noté est gardé, ce que vous aviez commencé aussi ; elle se relie d'elle-même dès qu'il répond. ");
    const bouton = document.createElement('button');
    bouton.textContent = 'Essayer maintenant';
    bouton.onclick = function () { location.reload(); };
    avis.append(bouton);
    document.body.prepend(avis);
    avis.focus();  // not the button: a space typed at this instant must not reload
    setTimeout(veiller, COUPEE_MS);
  }

  function relier() {
    coupee = echecs = 0;
    document.getElementById('pf-coupee').remove();
    fermer(false);
  }

  // What the server says of the kernel: « oui », « non », or nothing when it does not answer.
  async function demander(identifiant) {
    try {
      const options = { cache: 'no-store', signal: AbortSignal.timeout(ATTENTE_MS) };
      const reponse = await fetch(BASE + 'vivant/' + identifiant, options);
      return reponse.ok ? (await reponse.text()).trim() : '';
    } catch (erreur) {
      return '';
    }
  }

  function ouverte() { return document.querySelector('.pf-atelier') !== null; }

  function libre() { return !canal || canal.readyState <= WebSocket.OPEN; }

  async function veiller() {
    if (enCours) return;
    const identifiant = noyau();
    if (!identifiant && document.readyState === 'loading') {  // the page is being made: its server beats meanwhile
      if (Date.now() - avance > DESSIN_MS) couper();
      return;
    }
    enCours = true;
    const dit = await demander(identifiant || AUCUN);
    enCours = false;
    if (coupee) return attendre(dit);
    const repond = dit !== '';
    echecs = repond && libre() ? 0 : echecs + 1;
    if (ouverte()) sessionStorage.removeItem(RELANCES);
    if (dit === 'non' && !ouverte()) relancer();
    else if (dit === 'non' || echecs >= (ouverte() ? 2 : 5)) couper();
    else if (repond && !ouverte() && tarde()) relancer();
  }

  // A page cut off: its kernel lives and its channel is open again, it goes on; its kernel is dead and the server there, it opens anew.
  function attendre(dit) {
    const ouvert = canal && canal.readyState === WebSocket.OPEN;
    const lasse = !ouverte() && Number(sessionStorage.getItem(RELANCES)) >= RELANCES_MAX;  // never drawn: not again and again
    if (dit === 'oui' && ouvert && ouverte()) relier();
    else if ((dit === 'non' || (dit === 'oui' && Date.now() - coupee > SANS_CANAL_MS)) && !lasse) location.reload();
    else setTimeout(veiller, COUPEE_MS);
  }

  // A page that the screen shows, and whose application is not drawn long after its channel opened.
  function tarde() {
    if (document.hidden) avance = Date.now();
    const patience = canal && canal.readyState === WebSocket.OPEN ? DESSIN_MS : CANAL_MS;
    return Date.now() - avance > patience * (1 + Number(sessionStorage.getItem(RELANCES)));
  }

  // A page never drawn has nothing to lose: it opens again by itself, twice at most.
  function relancer() {
    const faites = Number(sessionStorage.getItem(RELANCES));
    if (faites >= RELANCES_MAX) return couper();
    sessionStorage.setItem(RELANCES, faites + 1);
    location.reload();
  }

  // A closed channel is looked at without waiting: the client opens another by itself when the server still lives.
  window.WebSocket = class extends WebSocket {
    constructor(...arguments_) {
      super(...arguments_);
      if (!this.url.includes('/api/kernels/')) return;
      canal = this;
      this.addEventListener('open', function () { avance = Date.now(); });
      this.addEventListener('close', function () { setTimeout(veiller, 300); setTimeout(veiller, 1500); });
    }
  };
  window.voila_heartbeat = function () { avance = Date.now(); };
  document.addEventListener('DOMContentLoaded', veiller);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) veiller(); });  // a computer that slept
  window.addEventListener('online', veiller);
  setInterval(function () { if (!coupee) veiller(); }, PERIODE_MS);

  // The place is free as soon as the page leaves, even before it has joined its kernel.
  window.addEventListener('pagehide', function () {
    const identifiant = noyau();
    if (identifiant) navigator.sendBeacon(BASE + 'api/shutdown/' + identifiant);
  });
})();
