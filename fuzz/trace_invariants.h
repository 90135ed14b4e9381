#pragma once
// What must hold after any bytes have been read as a trace or as a list of contacts.
#include <cmath>

#include "require.h"
#include "traces/contact_list.h"
#include "traces/readers.h"
#include "traces/trace_mobility.h"

namespace delstep {

inline NodesOptions FuzzNodes() {
  NodesOptions nodes;
  nodes.names = {"hub", "p1"};
  nodes.count_given = false;
  return nodes;
}

inline void CheckError(const Error& error) {
  Require(error.code == ErrorCode::kFile, "a bad text is a bad file");
  Require(error.message.size() < 500 && error.hint.size() < 500, "a message is short");
}

/// Follows the legs of a node from the start, not for ever.
inline void CheckLegs(const Mobility& mobility, NodeId node) {
  SimTime time{};
  for (int i = 0; i < 100; ++i) {
    const Leg leg = mobility.LegAt(node, time);
    Require(leg.begins == time && leg.begins < leg.ends, "legs follow each other");
    const Position place = leg.At(leg.begins);
    Require(std::isfinite(place.x) && std::isfinite(place.y), "places are finite");
    Require(std::isfinite(leg.vx) && std::isfinite(leg.vy), "speeds are finite");
    if (leg.ends == SimTime::max()) return;
    Require(mobility.LegAt(node, leg.ends - Duration(1)).begins == leg.begins,
            "a leg is the same to its end");
    time = leg.ends;
  }
}

inline void CheckTrace(Result<Trace> trace) {
  if (!trace) return CheckError(trace.error());
  const std::size_t tracks = trace->tracks.size();
  const auto mobility = MakeTraceMobility(*std::move(trace), FuzzNodes(), "input");
  if (!mobility) return CheckError(mobility.error());
  Require((*mobility)->nodes() >= tracks, "each track is a node's");
  for (std::uint32_t node = 0; node < std::min<std::size_t>(tracks, 20); ++node)
    CheckLegs(**mobility, NodeId{node});
  std::vector<bool> there(tracks + 2);
  for (std::uint32_t node = 0; node < there.size(); ++node)
    there[node] = (*mobility)->LegAt(NodeId{node}, SimTime{}).present;
  SimTime last{};
  for (const auto& change : (*mobility)->PresenceChanges(there.size(), SimTime{}, SimTime::max())) {
    Require(change.at >= last && change.at <= (*mobility)->rests_from(), "changes ascend");
    Require(there[Index(change.node)] != change.present, "changes of a node alternate");
    Require((*mobility)->LegAt(change.node, change.at).present == change.present,
            "a change is one of its legs");
    there[Index(change.node)] = change.present;
    last = change.at;
  }
}

inline void CheckContacts(Result<ContactRows> rows) {
  if (!rows) return CheckError(rows.error());
  const auto graph = GraphOfContacts(*std::move(rows), FuzzNodes(), "input");
  if (!graph) return CheckError(graph.error());
  const auto& list = static_cast<const ContactList&>(*graph->contacts);
  const Contact* last = nullptr;
  for (const Contact& contact : list.contacts()) {
    Require(contact.a < contact.b && Index(contact.b) < graph->nodes, "contacts join two nodes");
    Require(SimTime{} <= contact.begins && contact.begins < contact.ends, "contacts last");
    Require(!last || last->a != contact.a || last->b != contact.b || last->ends < contact.begins,
            "contacts of a pair are apart");
    last = &contact;
  }
  Require(list.window() > Duration{}, "a window is longer than nothing");
}

template <class Read>
void PlayTrace(const std::uint8_t* data, std::size_t size, Read read) {
  MemorySource memory("input", {data, size});
  TraceSource source(memory);
  CheckTrace(read(source));
}

template <class Read>
void PlayContacts(const std::uint8_t* data, std::size_t size, Read read) {
  MemorySource memory("input", {data, size});
  TraceSource source(memory);
  CheckContacts(read(source));
}

}  // namespace delstep
