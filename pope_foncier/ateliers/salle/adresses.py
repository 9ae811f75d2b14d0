"""Addresses of this computer on its local networks: where phones may knock, and no other name is answered to."""

from __future__ import annotations

import socket
from ipaddress import ip_address

BOUCLE = ("127.0.0.1", "localhost")
"""Names of this computer for itself."""
_AU_LOIN = ("10.255.255.255", 9)
"""Any address far away: asking the system by which way it would go sends nothing."""


def adresses_locales() -> tuple[str, ...]:
    """IPv4 addresses of this computer on private networks, that of the usual way out first; never an address of the internet."""
    import psutil  # type: ignore[import-untyped]

    trouvees = [
        adresse.address
        for carte in psutil.net_if_addrs().values()
        for adresse in carte
        if adresse.family == socket.AF_INET
    ]
    locales = [a for a in trouvees if not (ip_address(a).is_loopback or ip_address(a).is_global)]
    return tuple(sorted(locales, key=lambda a: (a != _sortie(), ip_address(a).is_link_local, ip_address(a))))


def _sortie() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as prise:
        try:
            prise.connect(_AU_LOIN)
        except OSError:
            return ""
        return str(prise.getsockname()[0])
