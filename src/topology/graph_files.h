#pragma once
/// Graphs in files.
///
/// Which node a label means, given the scenario's nodes:
/// 1. if every label is an address or a name of a node, that node;
/// 2. else, if every label is a whole number (no sign, no leading zero): node number label if a 0
///    occurs, node number label - 1 if none does;
/// 3. else nodes 0, 1, ... in order of first appearance. If some labels, but not all, are addresses
///    or names of nodes, that is an error.
/// Nodes that the file does not mention have no edges. In case 2 the result has no labels; in the
/// others it has those of the file, and for nodes without one their address (1) or "node7" (3).
///
/// An edge given twice, either way round, is one edge with the first one's weight. Errors are
/// kFile, with `where` = "file:line": an edge from a node to itself, a label that fits no node of
/// nodes.count, a label that is empty or longer than 255 bytes or holds control characters, a
/// weight that is no finite number, wrong form.
#include <string>
#include <string_view>

#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// `a b` or `a b weight` a line, between blanks, tabs or commas; a label alone declares a node; `#`
/// begins a comment; empty lines do nothing. networkx' `a b {}` and `a b {'weight': 2.5}` are read
/// too. UTF-8 text. `file` stands in messages only.
Result<Graph> ReadEdgeList(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// networkx' node-link JSON: "nodes" with "id", and "links" or "edges" with "source", "target" and
/// perhaps "weight"; other keys are passed over. Ids are whole numbers or texts; 1 and "1" are the
/// same. Parallel edges of a multigraph become one. A directed graph is an error unless each arc is
/// there in both directions.
Result<Graph> ReadNodeLink(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// GraphML (http://graphml.graphdrawing.org): nodes are called by `id`; of the data of an edge only
/// that of a key with attr.name "weight" is kept. Edges name nodes of the file. Directed edges are
/// an error unless each is there in both directions; an undirected one counts for both. Graphs in
/// nodes, hyperedges and a second graph are errors. UTF-8; document types are passed over, and
/// entities that they declare stay as they are written. At most 64 MiB.
Result<Graph> ReadGraphml(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// GML (Himsolt 1997): `graph [ directed 0 node [ id 0 label "a" ] edge [ source 0 target 1 weight
/// 2.5 ] ]`. Nodes are called by `label` if each has one of its own, as networkx does, else by
/// `id`; other keys are passed over. A directed graph as above. In texts the entities &quot; &amp;
/// &lt; &gt; &apos; &#252; &#xfc; are characters. UTF-8 is taken too. Lists are at most 100 deep.
Result<Graph> ReadGml(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// By the ending of the path: node-link JSON (.json), GraphML (.graphml), GML (.gml), else an edge
/// list. The path is taken as it is. At most 256 MiB.
Result<Graph> ReadGraphFile(const std::string& path, const NodesOptions& nodes);

/// The writers give a text that the readers above read, and networkx' read_weighted_edgelist (with
/// weights), read_edgelist (without), node_link_graph, read_graphml and read_gml. Nodes are called
/// by Graph::labels where there are some, else by number from 0. Weights are written if one is not
/// 1, positions as attribute `pos` in JSON and DOT, as `x` and `y` in GraphML and GML; nobody reads
/// them back.
///
/// One `a b` or `a b weight` per line, after the labels, one per line: those of all nodes if the
/// graph has labels, else of nodes without edges. If a label could not be read back (empty, twice,
/// with a blank, comma, '#', '{'), nodes are numbered.
std::string WriteEdgeList(const Graph& graph);
std::string WriteNodeLink(const Graph& graph);
std::string WriteGraphml(const Graph& graph);
std::string WriteGml(const Graph& graph);
std::string WriteDot(const Graph& graph);

}  // namespace delstep
