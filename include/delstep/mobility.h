#pragma once
/// The mobility port: where nodes are, and how they move. src/mobility/random_waypoint.cc is the
/// example. Every registered mobility passes the suite in
/// tests/conformance/mobility_conformance_test.cc.
///
/// All movement is made of *legs*: straight lines at constant speed (a pause is a leg of speed 0).
/// Curves and accelerations are chains of short legs. So a place at any moment is one
/// multiply-add, and the moment at which two nodes come into range is the root of a quadratic,
/// found exactly rather than by looking every so often (contacts.h).
///
/// To write one: derive from Mobility, implement DoLegAt(), and enter it in the Registry. Draw each
/// leg from a stream of its own, named by the node and the number of the leg, and remember the legs
/// that were drawn: a node that is asked about the far future and then about the past must be where
/// it was.
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// A straight way at constant speed, from `begins` (included) to `ends` (not included).
struct Leg {
  SimTime begins{}, ends = SimTime::max();  ///< begins < ends; max(): for ever
  Position from;                            ///< where the node is at `begins`
  double vx = 0, vy = 0;                    ///< metres per second
  /// False: the node is nowhere (a gap in a trace, a vehicle that has not set out yet), so it is in
  /// nobody's range. Its place counts for nothing.
  bool present = true;

  /// Requires begins <= time. Also defined at `ends`, for the end of the way.
  Position At(SimTime time) const {
    const double seconds = Seconds(time - begins);
    return {from.x + vx * seconds, from.y + vy * seconds, from.z};
  }
};

/// Where a node is for a while: its legs, ascending and without gaps. Networks for which it matters
/// where nodes are get it by Network::SetLegs(), for a while ahead, since most legs never end and
/// many are drawn only when somebody asks.
struct NodeLegs {
  NodeId node{};
  std::vector<Leg> legs;
};

/// A node is there from now on, or is not. Gaps in a trace make such changes; so does churn, where
/// `present` stands for online (churn.h).
struct PresenceChange {
  SimTime at{};
  NodeId node{};
  bool present = false;
  friend bool operator==(const PresenceChange&, const PresenceChange&) = default;
};

/// A way for nodes to move. Legs are a function of (configuration, seed, node, time): asking in
/// another order, for fewer nodes, or again after going back changes nothing.
///
/// Units: metres, metres per second, simulated time. Built-in models stay within the field,
/// `mobility.area`, from (0, 0) on.
/// Threads: one caller at a time, also of const calls: legs are drawn when they are first asked
/// for, and remembered.
/// Ownership: no span is kept.
class Mobility {
 public:
  virtual ~Mobility() = default;
  Mobility& operator=(const Mobility&) = delete;

  /// The leg that the node is on at `time`. Legs of a node follow each other without gap and
  /// overlap; places of consecutive legs meet, except where a trace jumps. Any NodeId is allowed:
  /// one that a trace does not have is never present. Requires time >= 0.
  Leg LegAt(NodeId node, SimTime time) const { return DoLegAt(node, time); }
  /// From LegAt(), for whoever does not care about ways.
  /// Where nodes are, in the order asked; nodes may come twice. Of a node that is not present the
  /// place where it was last, or will be first. Requires equal lengths and time >= 0.
  void PositionsAt(SimTime time, std::span<const NodeId> nodes,
                   std::span<Position> positions) const;
  /// Changes of `present` of the nodes numbered below `nodes`, in (after, until], ordered by (time,
  /// leaving before coming, node). Empty for all models that have no gaps.
  std::vector<PresenceChange> PresenceChanges(std::size_t nodes, SimTime after,
                                              SimTime until) const {
    return DoPresenceChanges(nodes, after, until);
  }
  /// From here on nobody moves, comes or goes; max(): there is no such moment.
  SimTime rests_from() const { return DoRestsFrom(); }
  /// How many nodes a trace has; 0: as many as one likes.
  std::size_t nodes() const { return DoNodes(); }
  /// What the user should know of the file it was read from, as Graph::notes: sentences without a
  /// full stop. Valid as long as this is.
  const std::vector<std::string>& notes() const { return notes_; }

 protected:
  Mobility() = default;
  explicit Mobility(std::vector<std::string> notes) : notes_(std::move(notes)) {}
  Mobility(const Mobility&) = default;

 private:
  /// To implement; the requirements above hold. The defaults are those of a model without gaps that
  /// goes on for ever, for as many nodes as one likes.
  virtual Leg DoLegAt(NodeId node, SimTime time) const = 0;
  virtual std::vector<PresenceChange> DoPresenceChanges(std::size_t, SimTime, SimTime) const {
    return {};
  }
  virtual SimTime DoRestsFrom() const { return SimTime::max(); }
  virtual std::size_t DoNodes() const { return 0; }

  std::vector<std::string> notes_;
};

}  // namespace delstep
