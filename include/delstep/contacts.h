#pragma once
/// Who is in contact with whom, and when: the plan that a topology follows while time passes. The
/// topology `radio` makes one of a mobility and a range, `contacts` reads one from a file.
///
/// Whoever moves the clock asks for the changes of the time that passes, and makes two nodes
/// neighbours, or strangers again, at these moments:
///
///   for (const ContactChange& change : plan.Changes(nodes, before, after))
///     change.begins ? Meet(change.a, change.b) : Part(change.a, change.b);
///
/// To write one: derive from ContactPlan, implement the four Do functions, and let a topology put
/// it into Graph::contacts. Whether nodes are up does not matter to a contact: it says who could
/// hear whom. Links that a person makes or takes down are no part of a plan: they hold over the
/// contacts of their pair.
#include <cstddef>
#include <utility>
#include <vector>

#include "delstep/types.h"

namespace delstep {

/// A pair comes into contact, or parts. a < b.
struct ContactChange {
  SimTime at{};
  NodeId a{}, b{};
  bool begins = false;
  friend bool operator==(const ContactChange&, const ContactChange&) = default;
};

/// Contacts as a function of time. A contact lasts from the exact moment at which it begins
/// (included) to the exact moment at which it ends (not included), to the nanosecond; one that
/// would last for less is none. Changes of a pair alternate. The same changes come whatever the
/// windows are in which they are asked for.
///
/// Threads: one caller at a time, also of const calls.
class ContactPlan {
 public:
  using Pair = std::pair<NodeId, NodeId>;  // first < second

  virtual ~ContactPlan() = default;
  ContactPlan& operator=(const ContactPlan&) = delete;

  /// The pairs in contact at `time`, those that begin then included; ascending. Only of nodes
  /// numbered below `nodes`.
  std::vector<Pair> At(std::size_t nodes, SimTime time) const { return DoAt(nodes, time); }
  /// All changes in (after, until], ordered by (time, ends before beginnings, a, b). Only of nodes
  /// numbered below `nodes`. Requires after <= until.
  std::vector<ContactChange> Changes(std::size_t nodes, SimTime after, SimTime until) const {
    return DoChanges(nodes, after, until);
  }
  /// From here on there are no changes; max(): nobody knows.
  SimTime rests_from() const { return DoRestsFrom(); }
  /// How long a window is best asked for at a time: many changes, but not too many.
  Duration window() const { return DoWindow(); }

 protected:
  ContactPlan() = default;
  ContactPlan(const ContactPlan&) = default;

 private:
  virtual std::vector<Pair> DoAt(std::size_t nodes, SimTime time) const = 0;
  virtual std::vector<ContactChange> DoChanges(std::size_t nodes, SimTime after,
                                               SimTime until) const = 0;
  virtual SimTime DoRestsFrom() const = 0;
  virtual Duration DoWindow() const = 0;
};

}  // namespace delstep
