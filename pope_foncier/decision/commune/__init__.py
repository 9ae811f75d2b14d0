"""The commune in a decision: what it pays, what it would pay in all, the same in present value, and what it says that it accepts.

Three costs by place and year of opening, each holding more than the one before:

- ``cout.CommuneEnTout``: what it pays, investment and operation, its property included;
- ``cout.tout_compris``: the same if it also brought all that nobody has promised, capital and the cash that never comes back too: the one that options, draws,
  searches and pages read;
- ``valeur_actuelle.cout_pour_la_commune``: the same discounted, the cash being advanced and given back: the one that decisions and best plans read.
"""
