"""Sweeps: sites × modes × montages × closings × draws, cut into parts that any machine computes alike, kept as they are finished."""
