"""Builds a graph from a file of edges and sorts it topologically, with one of three libraries; prints what it took as JSON."""

import array
import json
import resource
import sys
import time
from pathlib import Path


def networkx(vertices: list[int], edges: list[tuple[int, int, int]]) -> list[int]:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(vertices)
    graph.add_weighted_edges_from(edges)
    return list(nx.topological_sort(graph))


def rustworkx(vertices: list[int], edges: list[tuple[int, int, int]]) -> list[int]:
    import rustworkx as rx

    graph = rx.PyDiGraph()
    graph.add_nodes_from(vertices)
    graph.add_edges_from(edges)
    return list(rx.topological_sort(graph))


def igraph(vertices: list[int], edges: list[tuple[int, int, int]]) -> list[int]:
    import igraph as ig

    graph = ig.Graph(len(vertices), [(start, stop) for start, stop, _ in edges], directed=True)
    graph.es["weight"] = [weight for _, _, weight in edges]
    return graph.topological_sorting()


def main(name: str, path: str) -> None:
    values = array.array("i", Path(path).read_bytes())
    vertices = list(range(values[0]))
    edges = list(zip(values[1::3], values[2::3], values[3::3], strict=True))
    work = {"networkx": networkx, "rustworkx": rustworkx, "igraph": igraph}[name]
    # The import is no part of the work.
    work([0, 1], [(0, 1, 1)])
    started, used = time.perf_counter(), time.process_time()
    order = work(vertices, edges)
    took = {"seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - used}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    place = {vertex: at for at, vertex in enumerate(order)}
    assert len(place) == len(vertices) and all(place[start] < place[stop] for start, stop, _ in edges)
    print(json.dumps({**took, "peakMiB": peak}))


main(sys.argv[1], sys.argv[2])
