#pragma once
/// Which test results are of the models that nodes have now.
///
/// `test` of a few nodes leaves the results of the others as they were. A mean over old and new ones
/// is a number that nobody asked for, so who prints one says how many are old.
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "delstep/event.h"

namespace delstep {

/// Threads: one.
class TestAges {
 public:
  /// To be called with every event, in order.
  void Learn(const Event& event);

  /// The node's model has changed since its last test on this scope: by a training, an aggregation
  /// or an import. False where there was no test.
  bool IsOlder(NodeId node, const EvaluationScope& scope) const;

  /// How many of these nodes' results are older.
  std::size_t CountOlder(std::span<const NodeId> tested, const EvaluationScope& scope) const;

  /// For a checkpoint. Load() takes over what was saved; what nobody can have saved makes the reader
  /// bad.
  void Save(ByteWriter& writer) const;
  void Load(ByteReader& reader);

  /// "2 of 3 results are of models that have changed since"; empty where they are of one age: all
  /// or none.
  std::string NoteOn(std::span<const NodeId> tested, const EvaluationScope& scope) const;

 private:
  struct Test {
    EvaluationScope scope;
    bool older = false;
  };
  std::map<std::uint32_t, std::vector<Test>> tests_;  // by node
};

}  // namespace delstep
