"""What networkx says about graphs; topology_oracle_test.cc asks and compares.

facts FILE                    degrees, components and clustering of a .json (node-link), .graphml or .gml
facts FILE.edges NODES        the same of an edge list
same FILE.json FAMILY ARGS... "equal", "isomorphic" or "different" to networkx' graph
sample COUNT FAMILY ARGS...   mean and standard error over COUNT random graphs
save FILE FAMILY ARGS...      networkx' graph in the format of FILE's ending, with weights in .graphml, .gml
names FILE                    node ids of a .graphml or .gml and the edges between them, sorted
"""
import json
import random
import statistics
import sys

import networkx as nx

FAMILIES = {
    "full": lambda n: nx.complete_graph(int(n)),
    "ring": lambda n: nx.cycle_graph(int(n)),
    "line": lambda n: nx.path_graph(int(n)),
    "star": lambda n: nx.star_graph(int(n) - 1),
    "grid": lambda rows, columns: nx.grid_2d_graph(int(rows), int(columns)),
    "torus": lambda rows, columns: nx.grid_2d_graph(int(rows), int(columns), periodic=True),
    "regular": lambda n, degree: nx.random_regular_graph(int(degree), int(n)),
    "small-world": lambda n, k, p: nx.watts_strogatz_graph(int(n), int(k), float(p)),
    "scale-free": lambda n, m: nx.barabasi_albert_graph(int(n), int(m)),
    "random": lambda n, p: nx.gnp_random_graph(int(n), float(p)),
}


def read(path):
    if path.endswith(".graphml"):
        return nx.read_graphml(path, node_type=int)
    if path.endswith(".gml"):
        return nx.read_gml(path, destringizer=int)
    with open(path, encoding="utf-8") as file:
        return nx.node_link_graph(json.load(file))


def facts(path, nodes=None):
    if nodes is None:
        graph = read(path)
    else:
        with open(path, encoding="utf-8") as file:
            read_list = nx.read_edgelist if "{" in file.read() else nx.read_weighted_edgelist
        graph = read_list(path, nodetype=int)
        graph.add_nodes_from(range(int(nodes)))
    print("degrees", *(graph.degree(node) for node in sorted(graph)))
    print("components", nx.number_connected_components(graph))
    print("clustering", repr(float(nx.average_clustering(graph))))
    print("weight", repr(float(graph.size(weight="weight"))))


def same(path, family, *args):
    graph = read(path)
    if family == "geometric":
        places = dict(graph.nodes(data="pos"))
        other = nx.random_geometric_graph(len(graph), float(args[0]), pos=places)
    else:
        other = FAMILIES[family](*args)
    edges = {frozenset(edge) for edge in graph.edges}
    if set(graph) == set(other) and edges == {frozenset(edge) for edge in other.edges}:
        print("equal")
    else:
        print("isomorphic" if nx.is_isomorphic(graph, other) else "different")


def sample(count, family, *args):
    """Of the clustering, of the mean squared degree and of the number of edges."""
    rows = []
    for _ in range(int(count)):
        graph = FAMILIES[family](*args)
        squares = [degree**2 for _, degree in graph.degree]
        rows.append((nx.average_clustering(graph), statistics.mean(squares), graph.size()))
    for values in zip(*rows):
        error = statistics.stdev(values) / len(values) ** 0.5
        print(repr(float(statistics.mean(values))), repr(float(error)))


def names(path):
    graph = (nx.read_graphml if path.endswith(".graphml") else nx.read_gml)(path)
    print(*sorted(graph), sep="\n")
    print(*sorted("--".join(sorted(edge)) for edge in graph.edges), sep="\n")


def save(path, family, *args):
    graph = FAMILIES[family](*args)
    if path.endswith((".graphml", ".gml")):
        for number, (a, b) in enumerate(graph.edges):
            graph[a][b]["weight"] = 0.5 * number
        (nx.write_graphml if path.endswith(".graphml") else nx.write_gml)(graph, path)
        return
    if path.endswith(".json"):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(nx.node_link_data(graph), file, indent=1)
    else:
        nx.write_edgelist(graph, path)


if __name__ == "__main__":
    random.seed(1)
    {"facts": facts, "same": same, "sample": sample, "names": names, "save": save}[sys.argv[1]](*sys.argv[2:])
