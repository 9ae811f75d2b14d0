// Facilitator's console: gestures sent without leaving the page, parts that follow the journal, keys that never fire while somebody types.
"use strict";
(() => {
  const avis = document.getElementById("avis");
  const dire = (texte, bon = true) => { avis.textContent = texte; avis.classList.toggle("refus", !bon); };

  const replier = (id) => {
    document.getElementById(id).classList.remove("montree");
    if (location.hash) location.hash = "conduite";
  };

  // Gestures ------------------------------------------------------------------------------------------------------
  document.addEventListener("submit", async (evenement) => {
    const form = evenement.target;
    if (!form.matches("form[data-geste]")) return;
    evenement.preventDefault();
    if (form.dataset.envoi) return;
    form.dataset.envoi = "1";
    try {
      const reponse = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" },
      });
      const { bon, dit } = await reponse.json();
      dire(dit, bon);
      if (bon) for (const nom of (form.dataset.vider || "").split(" ").filter(Boolean)) form.elements[nom].value = "";
      if (bon && form.dataset.replier) replier(form.dataset.replier);
    } catch {
      dire("L'atelier ne répond pas : rien n'a été noté. Réessayer quand il est revenu.", false);
    } finally {
      delete form.dataset.envoi;
    }
  });

  document.addEventListener("click", (evenement) => {
    const ferme = evenement.target.closest("[data-replie]");
    if (ferme) replier(ferme.dataset.replie);
  });

  document.addEventListener("click", async (evenement) => {
    const lien = evenement.target.closest("a[data-minutes]");
    if (!lien) return;
    evenement.preventDefault();
    if (lien.getAttribute("aria-busy")) return;
    lien.setAttribute("aria-busy", "true");
    dire("Le compte rendu se prépare…");
    try {
      const reponse = await fetch(lien.href);
      if (!reponse.ok) throw new Error((await reponse.text()).trim());
      const nom = /filename="([^"]+)"/.exec(reponse.headers.get("Content-Disposition") || "");
      const adresse = URL.createObjectURL(await reponse.blob());
      const prise = Object.assign(document.createElement("a"), { href: adresse, download: nom ? nom[1] : "compte_rendu" });
      prise.click();
      setTimeout(() => URL.revokeObjectURL(adresse), 60000);
      dire(`Compte rendu enregistré : ${prise.download}.`);
    } catch (erreur) {
      dire(`Le compte rendu n'est pas fait. ${erreur instanceof TypeError ? "L'atelier ne répond pas." : erreur.message}`, false);
    } finally {
      lien.removeAttribute("aria-busy");
    }
  });

  // Keys ----------------------------------------------------------------------------------------------------------
  const actifs = document.getElementById("clavier");
  actifs.checked = localStorage.getItem("console-clavier") !== "non";
  actifs.addEventListener("change", () => localStorage.setItem("console-clavier", actifs.checked ? "oui" : "non"));
  const saisie = (element) => element.isContentEditable || (element.matches("input, select, textarea") && element !== actifs);
  document.addEventListener("keydown", (evenement) => {
    if (!actifs.checked || evenement.repeat || evenement.isComposing) return;
    if (evenement.ctrlKey || evenement.metaKey || evenement.altKey || evenement.shiftKey) return;
    if (evenement.target instanceof Element && saisie(evenement.target)) return;
    const touche = evenement.key.length === 1 ? evenement.key.toLowerCase() : evenement.key;
    const bouton = [...document.querySelectorAll("[data-touche]")].find((b) => b.dataset.touche === touche);
    if (bouton) { evenement.preventDefault(); bouton.click(); }
  });

  // Parts that follow the journal ---------------------------------------------------------------------------------
  const derniers = {};
  const poser = (neuf) => {
    const ici = document.getElementById(neuf.id), html = neuf.outerHTML;
    if (!ici || derniers[neuf.id] === html) return;
    if (neuf.matches("select") && ici === document.activeElement) {
      ici.addEventListener("blur", () => poser(neuf), { once: true });
      return;
    }
    derniers[neuf.id] = html;
    const foyer = ici.contains(document.activeElement) ? document.activeElement.id : "";
    for (const ouvert of ici.querySelectorAll("details[open]")) {
      const pareil = neuf.querySelector(`#${CSS.escape(ouvert.id)}`);
      if (pareil) pareil.open = true;
    }
    const haut = ici.querySelector(".defile")?.scrollTop;
    const choisi = neuf.matches("select") ? ici.value.split("@")[0] : "";
    ici.replaceWith(neuf);
    if (choisi) for (const option of neuf.options) if (option.value.split("@")[0] === choisi) option.selected = true;
    if (haut) neuf.querySelector(".defile")?.scrollTo(0, haut);
    if (foyer) (document.getElementById(foyer) || neuf.querySelector("button, a, summary"))?.focus();
  };
  document.addEventListener("salle:fragment", (evenement) => {
    if (evenement.detail !== "vif") return;
    for (const neuf of document.querySelector('template[data-fragment="vif"]').content.querySelectorAll("[data-vif]")) {
      poser(document.importNode(neuf, true));
    }
  });
})();
