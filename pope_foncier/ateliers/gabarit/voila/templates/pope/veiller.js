// Watch the link with the server: a page that is cut off says so, and takes nothing more.
(function () {
  const PERIODE_MS = 4000, ATTENTE_MS = 8000, OUVERTURE_MS = 60000, RELANCES = 'pf-relances', RELANCES_MAX = 2;
  const depart = Date.now();
  let echecs = 0, coupee = false, enCours = false, canal = null;

  function noyau() {
    const reglages = document.getElementById('jupyter-config-data');
    return reglages ? JSON.parse(reglages.textContent).kernelId : null;
  }

  function couper() {
    if (coupee) return;
    coupee = true;
    document.documentElement.classList.add('pf-coupee');
    for (const partie of document.querySelectorAll('[role=main], #rendered_cells')) partie.inert = true;
    for (const partie of document.querySelectorAll('.pf-atelier')) partie.setAttribute('aria-disabled', 'true');
    const avis = document.createElement('div');
    avis.id = 'pf-coupee';
    avis.tabIndex = -1;
    avis.setAttribute('role', 'alert');
    avis.append("La page n'est plus reliée au serveur : rien de ce que vous faites n'est noté. Ce qui était noté est gardé. ");
    const bouton = document.createElement('button');
    bouton.textContent = 'Recharger la page';
    bouton.onclick = function () { location.reload(); };
    avis.append(bouton);
    document.body.prepend(avis);
    avis.focus();  // not the button: a space typed at this instant must not reload
  }

  // What the server says of the kernel: « oui », « non », or nothing when it does not answer.
  async function demander(identifiant) {
    try {
      const options = { cache: 'no-store', signal: AbortSignal.timeout(ATTENTE_MS) };
      const reponse = await fetch('/voila/vivant/' + identifiant, options);
      return reponse.ok ? (await reponse.text()).trim() : '';
    } catch (erreur) {
      return '';
    }
  }

  async function veiller() {
    const identifiant = noyau();
    if (!identifiant || coupee || enCours) return;
    enCours = true;
    const dit = await demander(identifiant);
    enCours = false;
    const relie = !canal || canal.readyState <= WebSocket.OPEN;
    echecs = dit === 'oui' && relie ? 0 : echecs + 1;
    if (dit === 'non' || echecs >= 2) couper();
    else if (dit === 'oui') relancer();
  }

  // A page whose kernel lives but that never drew its application (an answer lost while the machine was too busy) opens again by itself.
  function relancer() {
    if (document.querySelector('.pf-atelier')) {
      sessionStorage.removeItem(RELANCES);
      return;
    }
    const faites = Number(sessionStorage.getItem(RELANCES));
    if (Date.now() - depart < OUVERTURE_MS * (faites + 1)) return;
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
      this.addEventListener('close', function () { setTimeout(veiller, 300); setTimeout(veiller, 1500); });
    }
  };
  setInterval(veiller, PERIODE_MS);

  // The kernel may have read the journal before the last entries: the page reads it again once, when it opens.
  const attente = setInterval(function () {
    const bouton = [...document.querySelectorAll('.pf-atelier button')].find(b => b.textContent.trim() === 'Relire le journal');
    if (!bouton) return;
    clearInterval(attente);
    bouton.click();
  }, 300);
})();
