# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the web client asks the server for when somebody looks at traceability.

Seconds are of CPU, of the process and its database backend together: a second of the
server, whoever else uses it.
"""

IMPORT = [("operation_type", "=", "1"), ("patente", "=", "3100")]
EXPORT = [("operation_type", "=", "2")]


def measure(env, clock):
    """``([(seconds, question)], exits)``: the slowest first, and how many exits drew
    from the large import.

    :param clock: callable, CPU seconds until now
    """
    # what parallel workers do would not be counted
    env.cr.execute("SET max_parallel_workers_per_gather = 0")
    asked = Asked(env, clock)
    papers = env["immex.pedimento"]
    # the first import is the large one
    large = papers.search(IMPORT, order="document, id", limit=1)
    usual = _middle(papers, [*IMPORT, ("layer_ids.discharge_ids", "!=", False)])
    sold = _middle(papers, [*EXPORT, ("exit_line_ids.discharge_ids", "!=", False)])
    line = sold.exit_line_ids[:1]
    for name, record in (
        ("an exit", line),
        ("an export pedimento", sold),
        ("a partida of it", line.partida_id),
        ("a delivery", line.goods_id.link_ids.movement_id[:1]),
        ("a discharge", line.discharge_ids[:1]),
        ("an order of production", line.requirement_ids.production_layer_id[:1]),
        ("a layer", usual.layer_ids[:1]),
        ("an import pedimento", usual),
        ("a layer of the large import", large.layer_ids[:1]),
    ):
        if record:
            asked.graph(name, record)
    asked.unfolded("the large import", large)
    exits = asked.listed("the large import", large)
    return sorted(asked.spent, reverse=True), exits


def _middle(model, domain):
    """A record in the middle of those of a domain."""
    ids = model.search(domain, order="id").ids
    return model.browse(ids[len(ids) // 2])


class Asked:
    """Questions with their seconds."""

    def __init__(self, env, clock):
        self.env, self.clock, self.spent = env, clock, []

    def _timed(self, question, work):
        best = None
        for _turn in range(2):  # the better: the first fills caches
            self.env.invalidate_all()
            start = self.clock()
            result = work()
            spent = self.clock() - start
            best = spent if best is None else min(best, spent)
        self.spent.append((best, question))
        return result

    def graph(self, name, record, **options):
        trace = self.env["immex.trace"]
        return self._timed(
            name, lambda: trace.graph(record._name, record.ids, **options)
        )

    def unfolded(self, name, record):
        """Whatever can be unfolded is, until the picture holds no more."""
        graph, options = self.graph(name, record), {}
        while more := [n for n in graph["nodes"] if n["fold"] and not n["listed"]]:
            limit = graph["limit"]
            if any(node["type"] == "more" for node in more):
                limit = min(limit * 2, graph["most"])
            opened = [node["fold"] for node in more if node["type"] != "more"]
            options = {
                "limit": limit,
                "opened": [*options.get("opened", ()), *opened],
            }
            graph = self.graph(
                f"{name}, {limit} a side, {len(options['opened'])} opened",
                record,
                **options,
            )

    def listed(self, name, record):
        """The list behind what a picture does not hold; how many exits it has."""
        for side in ("layer", "made", "exit"):
            action = self.env["immex.trace"].listed(
                record._name, record.ids, f"more:{side}"
            )
            model = self.env[action["res_model"]].with_context(**action["context"])
            found = self._timed(
                f"{name}, list of {model._description.lower()}",
                lambda model=model, action=action: model.web_search_read(
                    action["domain"],
                    {"display_name": {}},
                    limit=80,
                    count_limit=10_001,
                ),
            )
        return found["length"]
