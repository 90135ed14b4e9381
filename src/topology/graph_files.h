#pragma once
/// Graphs in files.
///
/// Which node a label means, given the scenario's nodes:
/// 1. if every label is an address or a name of a node, that node;
/// 2. else, if every label is a whole number (no sign, no leading zero): node number label if a 0
///    occurs, node number label - 1 if none does; if that is beyond nodes.count though the file has
///    exactly so many nodes, they are the nodes in ascending order, and a note says so. Addresses
///    of a network that nodes have left are taken in ascending order too;
/// 3. else nodes 0, 1, ... in order of first appearance. If some labels, but not all, are addresses
///    or names of nodes, that is an error; but where the scenario gives no names, addresses may stand
///    among names if each is that of its own place, as in a file of a run whose nodes had names.
/// Where nobody gave nodes.count, there are as many nodes as the file names. Otherwise nodes that
/// the file does not mention have no edges. In case 2 without gaps the result has no labels; else it
/// has those of the file, and for nodes without one their address (1) or "node7" (3).
///
/// An edge given twice, either way round, is one edge with the first one's weight. Its `loss`,
/// `latency` and `bandwidth` (written as in a scenario: 0.1, 20ms, 10Mbps) hold in both directions;
/// where the edge is given once in each direction, each has its own. Edges from a node to itself are
/// passed over. Graph::notes tells of that, of weights, and of a graph without edges.
///
/// Errors are kFile, with `where` = "file:line": a label that fits no node of nodes.count, a label
/// that is empty or longer than 255 bytes, holds control characters or means many nodes (`all`, `@west`,
/// `10.0.0.[1-3]`), a weight that is no finite number, a property of a link that is none, wrong form.
#include <string>
#include <string_view>

#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// `a b` or `a b weight` a line, between blanks, tabs, commas, semicolons or bars; a label alone
/// declares a node; a label may stand in double quotes. `#` begins a comment, and so do `%`, `//`
/// and `;` at the beginning of a line; empty lines do nothing. networkx' `a b {}` and
/// `a b {'weight': 2.5, 'latency': '20ms'}` are read too, and what else is in the braces is passed
/// over. UTF-8 text. `file` stands in messages only.
///
/// A first line such as `source,target,weight,loss,latency,bandwidth` (or from and to, src and dst,
/// ...; the ends are needed) is a header: below it, fields stand between its separator, may be
/// empty, and columns of other names are passed over with a note. A line without a target declares
/// a node. A column `type` holds Directed or Undirected, as Gephi writes it.
///
/// Lines that could be edges, but look like something else, are an error that names it: adjacency
/// lists, matrices, counts of nodes, other headers, numbers with a point, graph6, METIS, TGF.
Result<Graph> ReadEdgeList(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// networkx' node-link JSON: "nodes" with "id", and "links" or "edges" with "source", "target" and
/// perhaps "weight", "loss", "latency", "bandwidth"; "from" and "to" do as well; other keys are
/// passed over. Ids are whole numbers or texts; 1 and "1" are the same. Each node has an id of its
/// own, and edges name nodes of the file. Parallel edges of a multigraph become one. A directed graph is an error unless each arc is
/// there in both directions.
Result<Graph> ReadNodeLink(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// GraphML (http://graphml.graphdrawing.org): nodes are called by `id`; of the data of an edge only
/// those of keys with attr.name "weight", "loss", "latency" and "bandwidth" are kept. Edges name nodes of the file. Directed edges are
/// an error unless each is there in both directions; an undirected one counts for both. Graphs in
/// nodes, hyperedges and a second graph are errors. UTF-8; document types are passed over, and
/// entities that they declare stay as they are written. At most 64 MiB.
Result<Graph> ReadGraphml(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// GML (Himsolt 1997): `graph [ directed 0 node [ id 0 label "a" ] edge [ source 0 target 1 weight
/// 2.5 ] ]`. Nodes are called by `label` if each has one of its own, as networkx does, else by
/// `id`; edges may have `weight 2.5`, `loss 0.1`, `latency "20ms"`, `bandwidth "10Mbps"`; other keys
/// are passed over. A directed graph as above. In texts the entities &quot; &amp;
/// &lt; &gt; &apos; &#252; &#xfc; are characters. UTF-8 is taken too. Lists are at most 100 deep.
Result<Graph> ReadGml(std::string_view text, std::string_view file, const NodesOptions& nodes);

/// By what the text begins with and the ending of the path: node-link JSON (.json), GraphML
/// (.graphml), GML (.gml), else an edge list; see graph_formats.h for what is refused by its name.
/// The path is taken as it is. At most 256 MiB. Of a file that cannot be read at all the message
/// names the file, and `where` is empty.
Result<Graph> ReadGraphFile(const std::string& path, const NodesOptions& nodes);

/// The writers give a text that the readers above read, and networkx' read_weighted_edgelist (with
/// weights), read_edgelist (without), node_link_graph, read_graphml and read_gml. Nodes are called
/// by Graph::labels where there are some, else by number from 0. Weights are written if one is not
/// 1, positions as attribute `pos` in JSON and DOT, as `x` and `y` in GraphML and GML; nobody reads
/// them back.
///
/// Properties of links are written as the readers have them: once for an edge whose two directions
/// are equal, else once for each direction. Without any, files are as they were without this.
///
/// One `a b` or `a b weight` per line, after the labels of all nodes, one per line, if the graph has
/// some; nodes without edges come last if it has none. If a label could not be read back (empty,
/// twice, a number, with other characters than letters, digits, '.', '_', '-'), nodes are numbered.
std::string WriteEdgeList(const Graph& graph);
/// `source,target[,weight][,loss,latency,bandwidth]` and a line per edge.
std::string WriteEdgeTable(const Graph& graph);
std::string WriteNodeLink(const Graph& graph);
std::string WriteGraphml(const Graph& graph);
std::string WriteGml(const Graph& graph);
std::string WriteDot(const Graph& graph);

}  // namespace delstep
