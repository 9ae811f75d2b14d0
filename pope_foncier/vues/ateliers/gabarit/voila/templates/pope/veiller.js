// Watch the link with the server: a page that is cut off says so, and takes nothing more.
(function () {
  const PERIODE_MS = 4000;
  let echecs = 0, coupee = false;

  function noyau() {
    const reglages = document.getElementById('jupyter-config-data');
    return reglages ? JSON.parse(reglages.textContent).kernelId : null;
  }

  function couper() {
    if (coupee) return;
    coupee = true;
    for (const partie of document.querySelectorAll('[role=main], #rendered_cells')) {
      partie.inert = true;
      partie.style.opacity = '0.35';
    }
    const avis = document.createElement('div');
    avis.id = 'pf-coupee';
    avis.setAttribute('role', 'alert');
    avis.style.cssText = 'position:fixed;top:0;left:0;right:0;z-index:9999;background:#7a1f00;color:#fff;padding:.8em 1em;font-size:19px';
    avis.append("La page n'est plus reliée au serveur : rien de ce que vous faites ici n'est noté. Ce qui était noté est gardé. ");
    const bouton = document.createElement('button');
    bouton.textContent = 'Recharger la page';
    bouton.style.cssText = 'font-size:19px;padding:.2em .8em;margin-left:.5em';
    bouton.onclick = function () { location.reload(); };
    avis.append(bouton);
    document.body.prepend(avis);
    bouton.focus();
  }

  async function veiller() {
    const identifiant = noyau();
    if (!identifiant || coupee) return;
    try {
      const reponse = await fetch('/voila/vivant/' + identifiant, { cache: 'no-store' });
      const dit = reponse.ok ? (await reponse.text()).trim() : '';
      echecs = dit === 'oui' ? 0 : echecs + 1;
    } catch (erreur) {
      echecs += 1;
    }
    if (echecs >= 2) couper();
  }
  setInterval(veiller, PERIODE_MS);

  // The kernel may have read the journal before the last entries: the page reads it again once, when it opens.
  const attente = setInterval(function () {
    const bouton = [...document.querySelectorAll('.pf-atelier button')].find(b => b.textContent.trim() === 'Relire le journal');
    if (!bouton) return;
    clearInterval(attente);
    bouton.click();
  }, 300);
})();
