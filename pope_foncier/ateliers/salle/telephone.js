// A participant's phone: what is typed or chosen is kept here until the server confirms it, and is sent again, once, when the link comes back.
(function () {
  'use strict';
  const moi = document.getElementById('moi').dataset, donnes = moi.points ? JSON.parse(moi.points) : {};
  const prefixe = 'salle.' + moi.salle + '.';
  const secours = {};  // when the browser keeps nothing
  let enCours = false, coupee = false, essais = 0, minuterie = 0, raison = '';
  const VALABLE_MS = 12 * 3600 * 1000;
  const GARDE = 'Gardé sur ce téléphone : l’envoi se fera dès que la salle répondra.';

  function lire(nom, sinon) {
    try { return JSON.parse(localStorage.getItem(prefixe + nom)) ?? secours[nom] ?? sinon; } catch (refus) { return secours[nom] ?? sinon; }
  }
  function garder(nom, valeur) {
    secours[nom] = valeur;
    try { localStorage.setItem(prefixe + nom, JSON.stringify(valeur)); } catch (refus) { /* kept in the page alone */ }
  }
  function brouillon(nom, valeur) {
    const tous = lire('brouillon', {});
    if (valeur === undefined) return tous[nom];
    if (valeur === null) delete tous[nom]; else tous[nom] = valeur;
    garder('brouillon', tous);
  }
  const envois = () => lire('envois', []);
  const enPause = () => document.querySelector('.ou')?.dataset.figee === 'oui';
  const points = n => n + (n > 1 ? ' points' : ' point');

  function dire(place, texte, genre) {
    if (!place) return;
    if (place.textContent !== texte) place.textContent = texte;
    place.className = 'etat' + (genre ? ' ' + genre : '');
  }
  function attente() {
    if (enPause()) return "Gardé sur ce téléphone : la salle est en pause, l'envoi se fera à la reprise.";
    return raison || (coupee ? GARDE : 'Envoi…');
  }

  // Another session: its points and remarks are its own; what is not sent yet stays.
  let seance = document.querySelector('.ou')?.dataset.seance;
  function changerDeSeance() {
    const ici = document.querySelector('.ou')?.dataset.seance;
    if (ici === seance) return;
    seance = ici;
    for (const nom of Object.keys(donnes)) delete donnes[nom];
    document.querySelectorAll('.points input:checked').forEach(x => { x.checked = false; });
    document.getElementById('miennes')?.replaceChildren();
  }

  // Each card says where its points are: given, chosen, kept here.
  function peindreLesPoints(form) {
    const nom = form.dataset.scenario, place = form.querySelector('.etat'), coche = form.querySelector('input:checked');
    const attend = envois().find(e => e.genre === 'vote' && e.contenu.scenario === nom), donne = donnes[nom];
    const choix = brouillon('vote ' + nom), voulu = choix ?? attend?.contenu.points ?? donne?.points;
    if (!coche && voulu !== undefined) form.querySelector('input[value="' + voulu + '"]').checked = true;
    const bouton = form.querySelector('button'), mot = voulu === undefined ? 'ces points' : points(voulu);
    const faits = dejaDonnes(form, voulu), texte = faits ? points(voulu) + (voulu > 1 ? ' donnés' : ' donné') : 'Donner ' + mot;
    if (bouton.textContent !== texte) bouton.textContent = texte;
    bouton.classList.toggle('fait', faits);
    if (form.dataset.refus) dire(place, form.dataset.refus, 'refus');
    else if (attend && (choix === undefined || choix === attend.contenu.points)) dire(place, attente(), 'attend');
    else if (choix !== undefined && choix !== donne?.points) dire(place, points(choix) + (choix > 1 ? ' choisis, pas encore donnés.' : ' choisi, pas encore donné.'));
    else if (donne && version(form) !== donne.version) dire(place, points(donne.points) + ' : c’est noté. Ce scénario a changé depuis : les revoir ?', 'attend');
    else if (donne) dire(place, points(donne.points) + ' : c’est noté.', 'fait');
    else dire(place, '');
  }
  function dejaDonnes(form, voulu) {
    const donne = donnes[form.dataset.scenario], attend = envois().some(e => e.genre === 'vote' && e.contenu.scenario === form.dataset.scenario);
    return Boolean(donne) && !attend && voulu === donne.points && version(form) === donne.version;
  }
  const version = form => Number(form.closest('article').querySelector('[data-version]').dataset.version);

  function ligne(texte, de) {
    const li = document.createElement('li'), p = document.createElement('p'), q = document.createElement('p');
    li.className = 'remarque'; p.className = 'texte'; q.className = 'de'; p.textContent = texte; q.textContent = de;
    li.append(p, q);
    return li;
  }
  function peindre() {
    document.body.dataset.etape = document.querySelector('.ou')?.dataset.etape ?? '';
    document.querySelectorAll('form[data-envoi="vote"]').forEach(peindreLesPoints);
    const liste = document.getElementById('miennes'), formulaires = [...document.querySelectorAll('form[data-envoi="vote"]')];
    if (!liste) return;
    const notes = formulaires.filter(x => donnes[x.dataset.scenario]).length, tous = formulaires.length;
    document.getElementById('avancee').textContent =
      document.body.dataset.etape === 'noter' && notes ? (notes === tous ? 'Vous avez noté tous les scénarios.' : 'Vous avez noté ' + notes + ' scénario' + (notes > 1 ? 's' : '') + ' sur ' + tous + '.') : '';
    liste.querySelectorAll('[data-attend]').forEach(x => x.remove());
    for (const e of envois().filter(e => e.genre === 'remarque')) {
      const li = ligne(e.contenu.texte, attente());
      li.dataset.attend = e.cle;
      liste.prepend(li);
    }
  }

  // Queue: one at a time, the same key each time, until the server confirms or refuses for good.
  function mettre(genre, contenu) {
    const reste = envois().filter(e => !(genre === 'vote' && e.genre === 'vote' && e.contenu.scenario === contenu.scenario));
    garder('envois', [...reste, { cle: salle.cle(), genre: genre, contenu: contenu, quand: Date.now() }]);
    raison = '';
    peindre();
    vider();
  }
  async function vider() {
    if (enCours || !moi.personne) return;
    enCours = true;
    clearTimeout(minuterie);
    relire();
    try {
      for (let e; !enPause() && (e = envois()[0]);) {
        const lu = await poster(e);
        if (lu.code === 200) { retirer(e); essais = 0; raison = ''; noter(e); }
        else if ([400, 413, 422].includes(lu.code)) { retirer(e); rendre(e, lu.erreur); }
        else if (lu.code === 409) { location.reload(); break; }  // this phone has no name any more: the page asks for it
        else {
          raison = lu.code === 0 || lu.code >= 500 ? GARDE : 'Gardé sur ce téléphone. ' + lu.erreur;
          minuterie = setTimeout(vider, Math.min(1000 * 2 ** essais++, 15000) * (0.7 + 0.6 * Math.random()));
          break;
        }
        peindre();
      }
    } finally { enCours = false; peindre(); }
  }
  async function poster(entree) {
    const lu = await salle.envoyer(entree.genre, entree.contenu, { cle: entree.cle, nom: entree.nom, confirme: entree.confirme });
    return { code: lu.code, erreur: mots(lu), aConfirmer: lu.a_confirmer };
  }
  const mots = lu => [lu.erreur || '', ...(lu.champs || []).map(c => c.message + ' ' + (c.remede ? 'À faire : ' + c.remede : ''))].join(' ').trim();
  function retirer(entree) { garder('envois', envois().filter(e => e.cle !== entree.cle)); }
  function noter(entree) {
    if (entree.genre === 'vote') {
      donnes[entree.contenu.scenario] = { points: entree.contenu.points, version: entree.contenu.version };
      if (brouillon('vote ' + entree.contenu.scenario) === entree.contenu.points) brouillon('vote ' + entree.contenu.scenario, null);
    } else {
      document.getElementById('miennes').prepend(ligne(entree.contenu.texte, 'Envoyée'));
      dire(document.querySelector('[data-envoi="remarque"] .etat'), 'Remarque envoyée.', 'fait');
    }
  }
  // What was refused goes back under the hand of its author.
  function rendre(entree, erreur) {
    const form = entree.genre === 'vote' ? document.querySelector('form[data-scenario="' + entree.contenu.scenario + '"]') : document.querySelector('[data-envoi="remarque"]');
    if (!form) return;
    if (entree.genre === 'vote') form.dataset.refus = erreur;
    else {
      const texte = form.elements.texte;
      texte.value = texte.value ? texte.value + '\n' + entree.contenu.texte : entree.contenu.texte;
      garderLaRemarque(form);
      dire(form.querySelector('.etat'), erreur, 'refus');
    }
  }

  function garderLaRemarque(form) { brouillon('remarque', form.elements.texte.value ? { texte: form.elements.texte.value, scenario: form.elements.scenario.value } : null); }
  function garderLaCarte(form) { brouillon('carte', { nom: form.elements.nom.value, teinte: form.elements.teinte.value }); }

  document.addEventListener('input', function (evenement) {
    const form = evenement.target.closest('form[data-envoi]');
    if (!form) return;
    if (form.dataset.envoi === 'vote') { delete form.dataset.refus; brouillon('vote ' + form.dataset.scenario, Number(form.elements.points.value)); peindreLesPoints(form); }
    if (form.dataset.envoi === 'remarque') { garderLaRemarque(form); dire(form.querySelector('.etat'), ''); }
    if (form.dataset.envoi === 'carte') { garderLaCarte(form); dire(form.querySelector('.etat'), ''); }
  });

  document.addEventListener('submit', function (evenement) {
    const form = evenement.target, place = form.querySelector('.etat');
    if (!form.dataset.envoi) return;
    evenement.preventDefault();
    if (form.dataset.envoi === 'carte') return prendreLaCarte(form, evenement.submitter?.name === 'confirme');
    if (form.dataset.envoi === 'vote') {
      if (!form.elements.points.value) return dire(place, 'Choisissez d’abord un nombre de points.', 'refus');
      if (dejaDonnes(form, Number(form.elements.points.value))) return peindreLesPoints(form);
      return mettre('vote', { scenario: form.dataset.scenario, points: Number(form.elements.points.value), version: version(form) });
    }
    const texte = form.elements.texte.value.trim();
    if (!texte) { form.elements.texte.focus(); return dire(place, 'Écrivez d’abord votre remarque.', 'refus'); }
    form.elements.texte.value = '';
    brouillon('remarque', null);
    mettre('remarque', { texte: texte, scenario: form.elements.scenario.value || null });
  });

  let carteAttend = null;
  async function prendreLaCarte(form, confirme) {
    const nom = form.elements.nom.value.trim(), place = form.querySelector('#etat-carte'), deja = form.querySelector('#deja');
    if (!nom) { form.elements.nom.focus(); return dire(place, 'Écrivez d’abord votre nom.', 'refus'); }
    garderLaCarte(form);
    dire(place, 'Un instant…');
    const cle = carteAttend?.nom === nom ? carteAttend.cle : salle.cle();
    const lu = await poster({ genre: 'carte', cle: cle, nom: nom, confirme: confirme, contenu: { teinte: Number(form.elements.teinte.value) } });
    carteAttend = null;
    deja.hidden = true;
    if (lu.code === 200) { brouillon('carte', null); return location.reload(); }
    if (lu.aConfirmer) {
      deja.hidden = false;
      deja.querySelector('span').textContent = lu.erreur;
      deja.focus();
      return dire(place, '');
    }
    if (lu.code === 0 || lu.code >= 500) { carteAttend = { nom: nom, cle: cle, form: form, confirme: confirme }; return dire(place, 'La salle ne répond pas : votre nom est gardé, la page réessaie d’elle-même.', 'attend'); }
    dire(place, lu.erreur, 'refus');
  }

  document.getElementById('autre-nom')?.addEventListener('click', function () {
    const carte = document.getElementById('carte');
    carte.hidden = !carte.hidden;
    this.setAttribute('aria-expanded', String(!carte.hidden));
    if (!carte.hidden) carte.elements.nom.focus();
  });

  // What waited since another evening is not sent any more: it goes back under the hand of its author.
  function relire() {
    for (const e of envois().filter(e => Date.now() - e.quand > VALABLE_MS)) {
      retirer(e);
      if (e.genre === 'vote') brouillon('vote ' + e.contenu.scenario, e.contenu.points);
      else rendre(e, 'Écrite un autre jour, et pas encore envoyée.');
    }
  }
  function reprendre() {
    const carte = document.getElementById('carte'), gardee = brouillon('carte');
    if (gardee && !moi.personne) {
      carte.elements.nom.value = gardee.nom;
      if (gardee.teinte) carte.elements.teinte.value = gardee.teinte;
    }
    if (moi.personne) garder('carte', { nom: carte.elements.nom.value, teinte: carte.elements.teinte.value });
    else if (!gardee && lire('carte')) { carte.elements.nom.value = lire('carte').nom; carte.elements.teinte.value = lire('carte').teinte; }
    const remarque = document.querySelector('[data-envoi="remarque"]'), ecrite = brouillon('remarque');
    if (remarque && ecrite) { remarque.elements.texte.value = ecrite.texte; remarque.elements.scenario.value = ecrite.scenario; }
    peindre();
    vider();
  }

  document.addEventListener('salle:coupee', function () { coupee = true; peindre(); });
  document.addEventListener('salle:reliee', function () {
    coupee = false;
    essais = 0;
    if (carteAttend) prendreLaCarte(carteAttend.form, carteAttend.confirme);
    vider();
  });
  document.addEventListener('salle:fragment', function () { changerDeSeance(); peindre(); vider(); });
  addEventListener('online', vider);
  reprendre();
})();
