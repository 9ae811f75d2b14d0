// Editor of a plan: draws it on SVG, moves rooms, walls and points by hand or by keyboard, sends what moved; it knows no rule.
const PAS = 0.05, PAS_LARGE = 0.5, AIMANT_PX = 9, MARGE_PX = 26;
const MOTS = { piece: "toute la pièce", batiment: "tout le contour", cour: "toute la cour" };
const STYLE = `.pf-ed{font:16px "Liberation Sans","DejaVu Sans",Arial,sans-serif;color:#1a1a1a}
.pf-ed-barre{display:flex;flex-wrap:wrap;gap:6px;margin:4px 0;align-items:center}
.pf-ed button,.pf-ed select{font-size:16px;min-height:36px;padding:2px 10px;background:#e7edf2;border:1px solid #0b4a78;border-radius:0;color:#1a1a1a}
.pf-ed button:disabled{color:#595959;border-color:#767676;background:#f2f2f2}
.pf-ed :focus-visible{outline:3px solid #D55E00;outline-offset:0}
.pf-ed-corps{display:flex;flex-wrap:wrap;gap:14px}.pf-ed-dessin{flex:3 1 480px;min-width:0}.pf-ed-lecture{flex:2 1 300px;min-width:0;overflow-x:auto}
.pf-ed svg{display:block;width:100%;border:1px solid #767676;background:#fff;touch-action:none;user-select:none}
.pf-ed table{border-collapse:collapse}.pf-ed :is(th,td){padding:.12em .45em;text-align:right;border-bottom:1px solid #d5d5d5}.pf-ed .g{text-align:left}
.pf-ed caption{text-align:left;font-weight:bold}.pf-ed .pf-erreur{border-left:5px solid #D55E00;padding:.2em .6em;background:#fff3ea}.pf-ed ul{margin:.2em 0;padding-left:1.2em}`;

function svg(nom, attributs, texte) {
  const n = document.createElementNS("http://www.w3.org/2000/svg", nom);
  for (const [cle, valeur] of Object.entries(attributs)) n.setAttribute(cle, valeur);
  if (texte !== undefined) n.textContent = texte;
  return n;
}
function html(nom, attributs = {}, texte) {
  const n = Object.assign(document.createElement(nom), attributs);
  if (texte !== undefined) n.textContent = texte;
  return n;
}
const arrondi = v => Math.round(v / PAS) * PAS;
const metres = v => v.toLocaleString("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) + "\u00a0m";

function render({ model, el }) {
  const copie = () => new Map(model.get("dessin").elements.map(x => [x.e, x.anneaux]));
  let vue = { k: 0, x: 0, y: 0, entier: true }, traces = copie(), choix = null, prise = null, envoyes = 0, enVol = null, file = [], guides = [];

  // ---- the page
  const racine = html("div", { className: "pf-ed" });
  racine.append(html("style", {}, STYLE));
  const barre = html("div", { className: "pf-ed-barre" }), corps = html("div", { className: "pf-ed-corps" });
  const toile = svg("svg", { tabindex: "0", role: "application", height: "460" });
  const lecture = html("div", { className: "pf-ed-lecture" });
  lecture.setAttribute("role", "status");
  const bouton = (mots, action) => { const b = html("button", { type: "button", onclick: action }, mots); barre.append(b); return b; };
  const liste = (nom, change) => {
    const s = html("select", { onchange: change });
    s.setAttribute("aria-label", nom);
    barre.append(s);
    return s;
  };
  const elements = liste("Élément", () => choisir(elements.value === "" ? null : { e: +elements.value, quoi: "tout" }));
  const parties = liste("Partie de l'élément", () => { const [quoi, a, k] = parties.value.split("."); choisir({ e: choix.e, quoi, a: +a, k: +k }); });
  const niveaux = liste("Niveau", () => envoyer({ genre: "niveau", niveau: +niveaux.value }));
  const defaire = bouton("Annuler", () => envoyer({ genre: "annuler" })), refaire = bouton("Rétablir", () => envoyer({ genre: "retablir" }));
  bouton("Agrandir", () => zoomer(1.4)); bouton("Réduire", () => zoomer(1 / 1.4)); bouton("Tout voir", () => { cadrer(); dessiner(); });
  const ensemble = html("input", { type: "checkbox", checked: true }), etiquette = html("label", {}, " une cloison bouge en entier");
  etiquette.prepend(ensemble); barre.append(etiquette);
  bouton("Télécharger le plan (YAML)", () => model.send({ genre: "yaml" }));
  const aide = html("p", {}, "Choisir une pièce, puis tirer la pièce, un mur (carré) ou un sommet (rond) ; au clavier, les flèches déplacent de 5 cm (Maj : 50 cm), Ctrl+Z annule.");
  const dessin = html("div", { className: "pf-ed-dessin" });
  dessin.append(toile, aide); corps.append(dessin, lecture); racine.append(barre, corps); el.append(racine);

  // ---- axes of the screen
  const px = ([x, y]) => [(x - vue.x) * vue.k, (vue.y - y) * vue.k];
  const largeur = () => toile.clientWidth || 640, hauteur = () => toile.clientHeight || 460;
  function cadrer() {
    const points = model.get("dessin").elements.filter(x => x.mobile).flatMap(x => traces.get(x.e).flat());
    const xs = points.map(p => p[0]), ys = points.map(p => p[1]);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    vue.k = Math.min((largeur() - 2 * MARGE_PX) / Math.max(x1 - x0, 1), (hauteur() - 2 * MARGE_PX) / Math.max(y1 - y0, 1));
    vue.x = (x0 + x1) / 2 - largeur() / 2 / vue.k; vue.y = (y0 + y1) / 2 + hauteur() / 2 / vue.k; vue.entier = true;
  }
  function zoomer(fois) {
    const cx = vue.x + largeur() / 2 / vue.k, cy = vue.y - hauteur() / 2 / vue.k;
    vue.k *= fois; vue.entier = false; vue.x = cx - largeur() / 2 / vue.k; vue.y = cy + hauteur() / 2 / vue.k;
    dessiner();
  }

  // ---- what moves with a choice
  const cote = (e, a, k) => { const r = traces.get(e)[a]; return [r[k], r[(k + 1) % r.length]]; };
  function mobiles(c) {
    const anneaux = traces.get(c.e), n = c.quoi === "tout" ? 0 : anneaux[c.a].length;
    if (c.quoi === "tout") return anneaux.flatMap((r, a) => r.map((_, k) => [c.e, a, k]));
    if (c.quoi === "sommet") return [[c.e, c.a, c.k]];
    const mur = ensemble.checked && model.get("dessin").murs.find(m => m.cotes.some(x => x[0] === c.e && x[1] === c.a && x[2] === c.k));
    return mur ? mur.sommets : [[c.e, c.a, c.k], [c.e, c.a, (c.k + 1) % n]];
  }
  function deplaces(depart, sommets, dx, dy) {
    const neufs = new Map();
    for (const [e, a, k] of sommets) {
      if (!neufs.has(e)) neufs.set(e, depart.get(e).map(r => r.map(p => [...p])));
      const [x, y] = depart.get(e)[a][k];
      neufs.get(e)[a][k] = [x + dx, y + dy];
    }
    return neufs;
  }
  function normale(c, depart) {
    const r = depart.get(c.e)[c.a], [p, q] = [r[c.k], r[(c.k + 1) % r.length]], l = Math.hypot(q[0] - p[0], q[1] - p[1]) || 1;
    return [(q[1] - p[1]) / l, -(q[0] - p[0]) / l];
  }
  // Displacement snapped to other points along x and y (or along the normal of a wall), else to a step of 5 cm.
  function aimanter(c, depart, sommets, dx, dy) {
    const pris = new Set(sommets.map(String)), autres = [];
    for (const [e, anneaux] of depart) anneaux.forEach((r, a) => r.forEach((p, k) => { if (!pris.has(String([e, a, k]))) autres.push(p); }));
    const seuil = AIMANT_PX / vue.k;
    guides = [];
    const vers = (valeurs, d, axe) => {
      let mieux = null;
      for (const v of valeurs) for (const p of autres) {
        const ecart = axe(p) - v - d;
        if (Math.abs(ecart) < seuil && (mieux === null || Math.abs(ecart) < Math.abs(mieux.ecart))) mieux = { ecart, p };
      }
      if (mieux === null) return arrondi(d);
      guides.push({ p: mieux.p, axe });
      return d + mieux.ecart;
    };
    if (c.quoi === "mur") {
      const [nx, ny] = normale(c, depart), axe = p => p[0] * nx + p[1] * ny, [p] = [depart.get(c.e)[c.a][c.k]];
      const d = vers([axe(p)], dx * nx + dy * ny, axe);
      return [d * nx, d * ny];
    }
    const points = sommets.map(([e, a, k]) => depart.get(e)[a][k]);
    const axeX = p => p[0], axeY = p => p[1];
    return [vers(points.map(axeX), dx, axeX), vers(points.map(axeY), dy, axeY)];
  }

  // ---- drawing
  function dessiner() {
    toile.replaceChildren();
    const lus = model.get("dessin").elements, ordre = x => (x.mobile ? 1 : 0) + (x.nature === "batiment" ? 0 : 1) + (x.trait === "contour" ? 0 : 2);
    for (const x of [...lus].sort((a, b) => ordre(a) - ordre(b))) {
      const anneaux = traces.get(x.e), d = anneaux.map(r => "M" + r.map(p => px(p).map(v => v.toFixed(1)).join(" ")).join("L") + (x.trait === "contour" ? "Z" : "")).join("");
      const pris = choix && choix.e === x.e;
      const n = x.trait === "point" ? svg("circle", { cx: px(anneaux[0][0])[0], cy: px(anneaux[0][0])[1], r: 5, fill: "#009E73" }) : svg("path", {
        d, fill: x.trait === "contour" ? x.fond : "none", "fill-rule": "evenodd", stroke: x.fautif ? "#D55E00" : pris ? "#0072B2" : "#1a1a1a",
        "stroke-width": x.fautif || pris ? 3 : x.nature === "batiment" ? 2 : x.trait === "ligne" ? 4 : 1, "stroke-dasharray": x.fautif ? "6 3" : x.mobile ? "" : "5 4",
      });
      if (x.mobile) { n.style.cursor = "move"; n.dataset.e = x.e; n.addEventListener("pointerdown", v => prendre(v, { e: x.e, quoi: "tout" })); }
      toile.append(n);
      if (x.numero) {
        const [cx, cy] = px(centre(anneaux[0]));
        toile.append(svg("text", { x: cx, y: cy + 6, "text-anchor": "middle", "font-size": 16, "pointer-events": "none", stroke: "#fff", "stroke-width": 4, "paint-order": "stroke" }, x.numero));
      }
    }
    for (const g of guides) { const [gx, gy] = px(g.p); toile.append(svg("circle", { cx: gx, cy: gy, r: 9, fill: "none", stroke: "#D55E00", "stroke-width": 2, "stroke-dasharray": "3 2" })); }
    if (choix && traces.has(choix.e)) poignees();
    echelle();
  }
  function centre(r) {
    const n = r.length;
    return [r.reduce((s, p) => s + p[0], 0) / n, r.reduce((s, p) => s + p[1], 0) / n];
  }
  function poignees() {
    const x = model.get("dessin").elements.find(y => y.e === choix.e);
    traces.get(choix.e).forEach((r, a) => r.forEach((p, k) => {
      if (x.trait === "contour") {
        const [u, v] = cote(choix.e, a, k), [mx, my] = px([(u[0] + v[0]) / 2, (u[1] + v[1]) / 2]), pris = choix.quoi === "mur" && choix.a === a && choix.k === k;
        const c = svg("rect", { x: mx - 7, y: my - 7, width: 14, height: 14, fill: pris ? "#D55E00" : "#fff", stroke: "#0072B2", "stroke-width": 2, class: "pf-ed-mur" });
        c.addEventListener("pointerdown", e => prendre(e, { e: choix.e, quoi: "mur", a, k }));
        toile.append(c);
        if (pris) toile.append(svg("text", { x: mx + 12, y: my - 10, "font-size": 16, stroke: "#fff", "stroke-width": 4, "paint-order": "stroke" }, metres(Math.hypot(v[0] - u[0], v[1] - u[1]))));
      }
      const [sx, sy] = px(p), pris = choix.quoi === "sommet" && choix.a === a && choix.k === k;
      const s = svg("circle", { cx: sx, cy: sy, r: 8, fill: pris ? "#D55E00" : "#fff", stroke: "#0072B2", "stroke-width": 2, class: "pf-ed-sommet" });
      s.addEventListener("pointerdown", e => prendre(e, { e: choix.e, quoi: "sommet", a, k }));
      toile.append(s);
    }));
  }
  function echelle() {
    const m = [1, 2, 5, 10, 20, 50].find(v => v * vue.k >= 50) || 100, y = hauteur() - 12;
    toile.append(svg("path", { d: `M12 ${y}h${m * vue.k}M12 ${y - 4}v8M${12 + m * vue.k} ${y - 4}v8`, stroke: "#1a1a1a", "stroke-width": 2, fill: "none" }));
    toile.append(svg("text", { x: 18 + m * vue.k, y: y + 5, "font-size": 16 }, m + "\u00a0m"));
  }

  // ---- by hand
  function prendre(v, c) {
    if (v.button) return;
    v.stopPropagation(); v.preventDefault();
    toile.focus({ preventScroll: true });
    const deja = choix && choix.e === c.e;
    choisir(c);
    if (c.quoi === "tout" && !deja) return;
    saisir(v, { c, depart: traces, sommets: mobiles(c) });
  }
  function saisir(v, p) { prise = { ...p, x: v.clientX, y: v.clientY, bouge: false }; toile.setPointerCapture(v.pointerId); }
  toile.addEventListener("pointerdown", v => { if (!v.button) { toile.focus({ preventScroll: true }); saisir(v, { vue: { ...vue } }); } });
  toile.addEventListener("pointermove", v => {
    if (!prise) return;
    const [dx, dy] = [(v.clientX - prise.x) / vue.k, (prise.y - v.clientY) / vue.k];
    if (!prise.bouge && Math.hypot(v.clientX - prise.x, v.clientY - prise.y) < 3) return;
    prise.bouge = true;
    if (prise.vue) { vue.x = prise.vue.x - dx; vue.y = prise.vue.y - dy; vue.entier = false; } else {
      prise.neufs = deplaces(prise.depart, prise.sommets, ...aimanter(prise.c, prise.depart, prise.sommets, dx, dy));
      traces = new Map([...prise.depart, ...prise.neufs]);
    }
    dessiner();
  });
  toile.addEventListener("pointerup", () => {
    const finie = prise;
    prise = null; guides = [];
    if (finie && finie.neufs) deplacer(finie.neufs); else if (finie && finie.vue && !finie.bouge) choisir(null);
    dessiner();
  });
  toile.addEventListener("pointercancel", () => { if (prise && prise.depart) traces = prise.depart; prise = null; guides = []; dessiner(); });

  // ---- by keyboard
  toile.addEventListener("keydown", v => {
    const sens = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[v.key];
    if ((v.ctrlKey || v.metaKey) && ["z", "y", "Z"].includes(v.key)) {
      v.preventDefault(); v.stopPropagation();
      envoyer({ genre: v.key === "z" ? "annuler" : "retablir" });
    } else if (v.key === "Escape" && prise && prise.depart) { traces = prise.depart; prise = null; guides = []; dessiner(); } else if (sens && choix) {
      v.preventDefault(); v.stopPropagation();
      const pas = v.shiftKey ? PAS_LARGE : PAS;
      let [dx, dy] = sens.map(s => s * pas);
      if (choix.quoi === "mur") { const [nx, ny] = normale(choix, traces), d = dx * nx + dy * ny; [dx, dy] = [d * nx, d * ny]; }
      const neufs = deplaces(traces, mobiles(choix), dx, dy);
      traces = new Map([...traces, ...neufs]);
      deplacer(neufs); dessiner();
    }
  });

  // ---- what was moved goes to the kernel, one message at a time: what moves meanwhile waits, the last place of each element alone
  function deplacer(neufs) { envoyer({ genre: "deplacer", elements: Object.fromEntries(neufs) }); }
  function envoyer(message) {
    if (enVol !== null) {
      const avant = file.at(-1);
      if (avant && avant.genre === "deplacer" && message.genre === "deplacer") Object.assign(avant.elements, message.elements); else file.push(message);
      return;
    }
    enVol = ++envoyes;
    model.send({ ...message, n: enVol });
  }
  function choisir(c) { choix = c; lister(); dessiner(); }
  function lister() {
    const lus = model.get("dessin");
    const garnir = (s, options, valeur) => {
      s.replaceChildren(...options.map(([v, mots]) => html("option", { value: v }, mots)));
      s.value = valeur;
    };
    garnir(elements, [["", "Choisir un élément"], ...lus.elements.filter(x => x.mobile).map(x => [String(x.e), x.nom])], choix ? String(choix.e) : "");
    parties.disabled = !choix;
    const x = choix && lus.elements.find(y => y.e === choix.e), options = [];
    if (x) {
      options.push(["tout", MOTS[x.nature] || "tout l'élément"]);
      traces.get(x.e).forEach((r, a) => r.forEach((_, k) => {
        options.push([`sommet.${a}.${k}`, `sommet ${k + 1}${a ? ` du trou ${a}` : ""}`]);
        if (x.trait === "contour") { const [p, q] = cote(x.e, a, k); options.push([`mur.${a}.${k}`, `mur ${k + 1}${a ? ` du trou ${a}` : ""}, ${metres(Math.hypot(q[0] - p[0], q[1] - p[1]))}`]); }
      }));
    }
    garnir(parties, options, choix ? (choix.quoi === "tout" ? "tout" : `${choix.quoi}.${choix.a}.${choix.k}`) : "");
    garnir(niveaux, lus.niveaux.map(n => [String(n), n > 0 ? `étage ${n}` : n < 0 ? `sous-sol ${-n}` : "rez-de-chaussée"]), String(lus.niveau));
    niveaux.style.display = lus.niveaux.length > 1 ? "" : "none";
    defaire.disabled = !lus.annulable; refaire.disabled = !lus.retablissable;
  }

  // ---- what comes back
  model.on("change:dessin", () => {
    const lus = model.get("dessin");
    if (enVol !== null && lus.n >= enVol) {
      enVol = null;
      if (file.length) { envoyer(file.shift()); return; }
    }
    if (enVol !== null || prise) return;
    traces = copie();
    if (choix && !traces.has(choix.e)) choix = null;
    if (toile.dataset.niveau !== String(lus.niveau)) { toile.dataset.niveau = lus.niveau; choix = null; cadrer(); }
    toile.setAttribute("aria-label", `Plan « ${lus.titre} » : choisir un élément et sa partie, puis les flèches pour déplacer`);
    lister(); dessiner();
  });
  const lire = () => { lecture.innerHTML = model.get("lecture"); };
  model.on("change:lecture", lire);
  model.on("msg:custom", m => {
    if (m.genre !== "yaml") return;
    const lien = html("a", { href: URL.createObjectURL(new Blob([m.texte], { type: "application/yaml" })), download: "plan.yaml" });
    lien.click();
    setTimeout(() => URL.revokeObjectURL(lien.href), 1000);
  });
  toile.dataset.niveau = model.get("dessin").niveau;
  toile.setAttribute("aria-label", `Plan « ${model.get("dessin").titre} » : choisir un élément et sa partie, puis les flèches pour déplacer`);
  // A drawing seen whole stays whole when the page gets narrower; one that was enlarged or moved stays where it was put.
  new ResizeObserver(() => { if (toile.clientWidth && vue.entier && !prise) { cadrer(); dessiner(); } }).observe(toile);
  lire(); lister(); cadrer(); dessiner();
}
export default { render };
