#pragma once
// What tests of the readers share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "traces/readers.h"
#include "traces/trace_mobility.h"

namespace delstep {

inline std::span<const std::uint8_t> BytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline SimTime At(double seconds) { return *MomentOf(seconds); }

/// Reads a text by one of the readers.
template <class Read>
auto ReadWith(Read read, std::string_view text) {
  MemorySource memory("trace", BytesOf(text));
  TraceSource source(memory);
  return read(source);
}

/// The mobility of a trace, for as many nodes as it has.
inline std::unique_ptr<Mobility> MobilityOf(Trace trace) {
  NodesOptions nodes;
  nodes.count_given = false;
  return MakeTraceMobility(std::move(trace), nodes, "trace").value();
}

inline std::unique_ptr<Mobility> MobilityOf(std::string_view text,
                                            std::string_view format = "auto") {
  auto trace = ReadWith([&](TraceSource& source) { return ReadTrace(source, format); }, text);
  EXPECT_TRUE(trace) << trace.error().where << " " << trace.error().message;
  return MobilityOf(*std::move(trace));
}

/// Where a node is, within a micrometre.
inline void ExpectAt(const Mobility& mobility, std::uint32_t node, double seconds, double x,
                     double y) {
  const Leg leg = mobility.LegAt(NodeId{node}, At(seconds));
  EXPECT_TRUE(leg.present) << "node " << node << " at " << seconds << " s";
  const Position place = leg.At(At(seconds));
  EXPECT_NEAR(place.x, x, 1e-6) << "node " << node << " at " << seconds << " s";
  EXPECT_NEAR(place.y, y, 1e-6) << "node " << node << " at " << seconds << " s";
}

inline bool IsThere(const Mobility& mobility, std::uint32_t node, double seconds) {
  return mobility.LegAt(NodeId{node}, At(seconds)).present;
}

inline Error ErrorOf(std::string_view text, std::string_view format = "auto") {
  auto trace = ReadWith([&](TraceSource& source) { return ReadTrace(source, format); }, text);
  EXPECT_FALSE(trace) << text;
  if (trace) return {};
  EXPECT_EQ(trace.error().code, ErrorCode::kFile);
  return trace.error();
}

}  // namespace delstep
