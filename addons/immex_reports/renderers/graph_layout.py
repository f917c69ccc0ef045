# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Places of a graph in layers from left to right. Pure Python, the same for screen and
print; the same graph gives the same places."""

WIDTH, GAP_X, GAP_Y, MARGIN = 184, 112, 14, 16
HEAD, LINE = 36, 14  # height of a node: its type and title, then a line each
SWEEPS = 6
WORDS = 12  # height of a line of words on an edge


def height(node):
    """Height of a node by the lines that it has."""
    return HEAD + LINE * len(node["lines"]) + 6


def place(nodes, edges):
    """Give every node ``x``, ``y``, ``w``, ``h``, every edge the ``x``, ``y`` of the
    middle of its words' last line; return the (width, height) of all.

    :param nodes: dicts with ``key``, ``rank`` (order of its kind from left to right),
        ``lines``
    :param edges: dicts with ``source`` and ``target``, keys of nodes, and ``label``
    """
    columns = _columns(nodes, edges)
    _order(columns, edges)
    x = MARGIN
    total = max((_tall(column) for column in columns), default=0)
    for column in columns:
        y = MARGIN + (total - _tall(column)) / 2
        for node in column:
            node.update(x=x, y=round(y), w=WIDTH, h=height(node))
            y += node["h"] + GAP_Y
        x += WIDTH + GAP_X
    _words({node["key"]: node for node in nodes}, edges)
    return (max(x - GAP_X + MARGIN, 2 * MARGIN), total + 2 * MARGIN)


def _tall(column):
    return sum(map(height, column)) + GAP_Y * (len(column) - 1)


def _columns(nodes, edges):
    """Nodes by rank; within the rank of production, what is used by others first."""
    by_key = {node["key"]: node for node in nodes}
    level = dict.fromkeys(by_key, 0)
    # longest path among nodes of one rank, cut where orders use each other
    same = [
        (edge["source"], edge["target"])
        for edge in edges
        if by_key[edge["source"]]["rank"] == by_key[edge["target"]]["rank"]
    ]
    for _sweep in range(min(len(by_key), 30)):
        changed = False
        for source, target in same:
            if level[target] <= level[source]:
                level[target] = level[source] + 1
                changed = True
        if not changed:
            break
    places = sorted({(node["rank"], level[node["key"]]) for node in nodes})
    columns = {at: [] for at in places}
    for node in nodes:
        columns[node["rank"], level[node["key"]]].append(node)
    return list(columns.values())


def _order(columns, edges):
    """Fewer crossings: each node near the middle of those that it is joined with."""
    near = {}
    for edge in edges:
        near.setdefault(edge["source"], []).append(edge["target"])
        near.setdefault(edge["target"], []).append(edge["source"])
    at = {}

    def number(column):
        for index, node in enumerate(column):
            at[node["key"]] = (index + 0.5) / len(column)

    for column in columns:
        number(column)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            middle = {
                node["key"]: (
                    sum(at[key] for key in near[node["key"]]) / len(near[node["key"]])
                    if near.get(node["key"])
                    else at[node["key"]]
                )
                for node in column
            }
            column.sort(key=lambda node, middle=middle: middle[node["key"]])
            number(column)


def ends(a, b):
    """Curve between the sides of two nodes: four points, as Bezier has them."""
    forward = a["x"] <= b["x"]
    x1, y1 = (a["x"] + a["w"] if forward else a["x"]), a["y"] + a["h"] / 2
    x2, y2 = (b["x"] if forward else b["x"] + b["w"]), b["y"] + b["h"] / 2
    if a["x"] == b["x"]:
        x2 = x1
        return (x1, y1), (x1 + GAP_X / 2, y1), (x1 + GAP_X / 2, y2), (x2, y2)
    bend = (x2 - x1) / 2
    return (x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2)


def _at(points, t):
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    return tuple(
        sum(weight * point[axis] for weight, point in zip(weights, points, strict=True))
        for axis in (0, 1)
    )


def _words(nodes, edges):
    """Words stand in the gap beside the node where fewer edges meet, one below the
    other where they would be on top of each other."""
    out, into, taken = {}, {}, {}
    for edge in edges:
        out[edge["source"]] = out.get(edge["source"], 0) + 1
        into[edge["target"]] = into.get(edge["target"], 0) + 1
    placed = []
    for edge in edges:
        points = ends(nodes[edge["source"]], nodes[edge["target"]])
        first, last = points[0][0], points[-1][0]
        near_target = out[edge["source"]] > into[edge["target"]]
        half = min(GAP_X / 2, abs(last - first) / 2)
        half = half if last >= first else -half
        x = last - half if near_target else first + half
        low, high = 0.0, 1.0
        for _step in range(20):
            middle = (low + high) / 2
            before = _at(points, middle)[0] < x
            if before == (last >= first):
                low = middle
            else:
                high = middle
        edge["x"], y = _at(points, (low + high) / 2)
        placed.append((round(edge["x"]), y, edge))
    for x, y, edge in sorted(placed, key=lambda item: item[:2]):
        size = WORDS * len(edge["label"])
        if size:
            y = max(y, taken.get(x, y - size) + size)
            taken[x] = y
        edge["x"], edge["y"] = round(x), round(y)
