#pragma once
/// The churn port: when nodes are online. src/churn/sessions.cc is the example; every registered
/// churn passes the suite in tests/conformance/churn_conformance_test.cc.
///
/// Whoever moves the clock asks for the changes of the time that passes, and takes nodes down and
/// up at these moments:
///
///   for (const PresenceChange& change : churn.Changes(nodes, before, after))
///     change.present ? Up(change.node, change.at) : Down(change.node, change.at);
///
/// What being offline means for messages and trainings is not said here: the core decides it, by
/// network rules and compute.offline. `node down` and `node up` by hand are no part of a plan.
///
/// To write one: derive from Churn, implement the three Do functions, and enter it in the Registry.
/// Draw each stay from a stream of its own, so that the plan does not depend on who asks for what.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "delstep/mobility.h"
#include "delstep/types.h"

namespace delstep {

/// A plan of who is online when: a function of (configuration, seed, node, time). Asking in another
/// order, for fewer nodes, or again after going back changes nothing. A node is online from the
/// moment at which it comes (included) to the moment at which it goes (not included).
///
/// Units: simulated time in whole nanoseconds. Errors: none, once it was made.
/// Threads: one caller at a time, also of const calls: plans are drawn when they are first asked
/// for, and remembered.
class Churn {
 public:
  virtual ~Churn() = default;
  Churn& operator=(const Churn&) = delete;

  /// Whether the node is online; a change at `time` counts. Requires time >= 0.
  bool IsOnline(NodeId node, SimTime time) const { return DoIsOnline(node, time); }
  /// Changes of the nodes numbered below `nodes`, in (after, until], ordered by (time, going before
  /// coming, node); `present` says online. Changes of a node alternate. Requires after <= until.
  std::vector<PresenceChange> Changes(std::size_t nodes, SimTime after, SimTime until) const {
    return DoChanges(nodes, after, until);
  }
  /// From here on nothing changes; max(): there is no such moment.
  SimTime rests_from() const { return DoRestsFrom(); }
  /// Sentences for the user about what was read ("online.csv: 3 of 12 nodes are not in it, and
  /// always online"), as Graph::notes.
  const std::vector<std::string>& notes() const { return notes_; }

 protected:
  Churn() = default;
  Churn(const Churn&) = default;
  /// To call from the constructor.
  void AddNote(std::string note) { notes_.push_back(std::move(note)); }

 private:
  /// To implement; the requirements above hold.
  virtual bool DoIsOnline(NodeId node, SimTime time) const = 0;
  virtual std::vector<PresenceChange> DoChanges(std::size_t nodes, SimTime after,
                                                SimTime until) const = 0;
  virtual SimTime DoRestsFrom() const = 0;

  std::vector<std::string> notes_;
};

}  // namespace delstep
