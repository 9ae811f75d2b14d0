"""Documents that gather the rooms: decision note, terminal, notebooks, outputs of a study."""
