#pragma once
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "base/bytes.h"
#include "core/engine/engine.h"
#include "core/world/world.h"
#include "delstep/learner.h"

namespace delstep {

/// The lists of examples and the labels of nodes' own that the leader has sent to a member
/// (core/member.h), by the numbers that it has given them: so each travels once, whatever it is
/// needed for. A number that is not there is a fault of the program: std::out_of_range.
/// Threads: one.
class MemberLists {
 public:
  /// Reads those that come with an order, as Round (core/cluster/cluster.h) has written them.
  void ReadExamples(ByteReader& reader);
  /// `engine` has the data set whose labels these replace; null: they are passed over.
  void ReadLabels(ByteReader& reader, const Engine* engine);
  void Forget(std::uint64_t number);

  const Examples& ExamplesOf(std::uint64_t number) const { return examples_.at(number); }
  /// Null for 0.
  std::shared_ptr<const OwnLabels> LabelsOf(std::uint64_t number) const;

 private:
  std::unordered_map<std::uint64_t, Examples> examples_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const OwnLabels>> labels_;
};

}  // namespace delstep
