#pragma once
// What must hold after any text has been read as a graph.
#include "require.h"
#include "topology/graph_files.h"

namespace delstep {

inline NodesOptions FuzzNodes() { return {12, {Address{(192u << 24) + 7}}, {"hub", "leaf"}}; }

inline void CheckRead(const Result<Graph>& graph) {
  if (!graph) {
    Require(graph.error().code == ErrorCode::kFile, "a bad text is a bad file");
    Require(!graph.error().where.empty(), "an error says where");
    Require(graph.error().message.size() < 400, "a message is short");
    return;
  }
  Require(graph->nodes == 12, "the number of nodes is the scenario's");
  Require(graph->labels.empty() || graph->labels.size() == 12, "all nodes have labels or none");
  const Graph::Edge* last = nullptr;
  for (const Graph::Edge& edge : graph->edges) {
    Require(edge.a < edge.b && edge.b < 12, "edges join different nodes");
    Require(!last || last->a < edge.a || (last->a == edge.a && last->b < edge.b), "edges ascend");
    last = &edge;
  }
  for (const Graph::Link& link : graph->links)
    Require(!link.empty() && link.from < 12 && link.to < 12, "links have properties and ends");
  const auto same = [&](const Result<Graph>& back) {
    return back.ok() && back->edges == graph->edges && back->links == graph->links;
  };
  Require(same(ReadEdgeList(WriteEdgeList(*graph), "list", FuzzNodes())),
          "an edge list is read back");
  Require(same(ReadEdgeList(WriteEdgeTable(*graph), "table", FuzzNodes())), "a CSV is read back");
  const auto from_json = ReadNodeLink(WriteNodeLink(*graph), "json", FuzzNodes());
  Require(same(from_json), "node-link JSON is read back");
  Require(from_json->labels == graph->labels, "node-link JSON keeps labels");
  Require(same(ReadGraphml(WriteGraphml(*graph), "graphml", FuzzNodes())), "GraphML is read back");
  Require(same(ReadGml(WriteGml(*graph), "gml", FuzzNodes())), "GML is read back");
}

}  // namespace delstep
