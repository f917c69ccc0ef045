# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A VUCEM on this machine, over HTTP: queries for pedimentos beside COVE.

In tests::

    sample = Sample(("240", "3456", "6000777"), RFC, date(2026, 10, 5))
    known = PedimentoServices([sample])
    with VucemPeer({RFC: key}, known) as peer:
        ...  # peer.address, peer.misbehave as of CovePeer, known.broken, known.asked

By hand, with pedimentos that it makes up, a day each::

    python tests/support/vucem_peer.py --rfc ADN150203AB1 --key secret --port 8099
"""

import argparse
import sys
import time
from datetime import date, timedelta
from pathlib import Path

if __package__:
    from . import cove_peer
    from .vucem_pedimentos import PedimentoServices, Sample
else:
    sys.path.insert(0, str(Path(__file__).parent))
    import cove_peer
    from vucem_pedimentos import PedimentoServices, Sample

__all__ = ["PedimentoServices", "Sample", "VucemPeer"]


class VucemPeer(cove_peer.CovePeer):
    """:param plugs: objects with ``services`` (name in the path -> callable of body and
    RFC) and ``actions`` (name -> {operation: request element})
    """

    def __init__(self, keys, *plugs, port=0):
        super().__init__(keys, port)
        for plug in plugs:
            for name, service in plug.services.items():
                # the queries are on a path of their own and take no SOAPAction
                path = f"/ventanilla-ws-pedimentos/{name}"
                self.services[path] = service
                cove_peer.ACTIONS[path] = plug.actions[name]


def made_up(rfc, office, patente, first, days):
    """A pedimento a day from ``first`` on, of one to three partidas."""
    year = str(first.year)[-1]
    return [
        Sample(
            (office, patente, f"{year}{index + 1:06d}"),
            rfc,
            first + timedelta(days=index),
            partidas=index % 3 + 1,
            operation=21430 + index,
        )
        for index in range(days)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rfc", required=True)
    parser.add_argument("--key", required=True, help="web service key")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--office", default="240", help="customs office and section")
    parser.add_argument("--patente", default="3456")
    parser.add_argument("--first", default="2026-10-01", type=date.fromisoformat)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--answers", help="folder of answers, see PedimentoServices")
    parser.add_argument(
        "--misbehave", nargs="*", default=[], help="of the first requests, see CovePeer"
    )
    options = parser.parse_args()
    samples = made_up(
        options.rfc, options.office, options.patente, options.first, options.days
    )
    known = PedimentoServices(samples, options.answers)
    keys = {options.rfc: options.key}
    with VucemPeer(keys, known, port=options.port) as peer:
        peer.misbehave = options.misbehave
        print(f"address: {peer.address}")
        for sample in samples:
            print(*sample.number, sample.paid, f"{sample.partidas} partidas")
        sys.stdout.flush()
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
