"""Room of a workshop: everyone's phone, the projector and the facilitator, on one light server without a kernel.

Two servers share one process, one loop and one state: that of Voilà on the loopback address, and, with ``--salle``, that of the phones on
the local network (``routes.py``). A request goes through ``portier.py`` (address, origin, length, code), a page is served by ``pages.py``, an
entry is written by ``entrees.py``. ``flux.py`` watches the file of the journal and tells the pages what changed.

To fill a page (``piece.PAGES``): its frame ``gabarits/nom.html`` extends ``salle.html`` and holds places
``<section data-fragment="x">{{ fragments.x }}</section>``; each fragment ``gabarits/nom_x.html`` is rendered once per change for all the
pages of this kind, from ``atelier`` (``etat.Atelier``), ``avis``, ``relies``, ``titre``, ``ouverte``, ``adresse``, ``code``, ``qr``. What belongs to one phone
alone (its own points, what it is typing) lies outside the fragments, in the frame, and is kept by the script. The frame knows besides ``appareil``
(number of this phone), ``nom`` (of its card, empty before), ``page``, ``racine``.

In a script, ``salle.envoyer(genre, contenu, plus)`` writes an entry; « salle:fragment » and « salle:reliee » say that a part was replaced, that
the link is back. A phone may write ``carte`` (with ``{nom}``), ``vote``, ``remarque``; what the facilitator does goes by ``animation.py``.
"""
