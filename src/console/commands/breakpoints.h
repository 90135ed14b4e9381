#pragma once
/// Breakpoints: what a person waits for, and what has come of it. They belong to a session and not
/// to the world, so that going back neither takes them away nor brings them back.
///
/// A happening hits its breakpoint each time it happens. A condition hits when it becomes true: it
/// is looked at after each command, in `run` after each instant, and held not before. If it hit for as long as it held, nothing
/// could go on behind it. A condition that cannot be measured yet (no test was made, a node is not
/// there) does not hold.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/break_condition.h"
#include "console/commands/reply.h"
#include "delstep/simulation.h"

namespace delstep {

struct Breakpoint {
  std::uint64_t number = 0;  ///< from 1; never given twice
  BreakCondition condition;
  std::uint64_t hits = 0;
  // For Breakpoints alone:
  bool held = false;  ///< of a condition: at the last look
  /// Of a happening: its nodes; nothing where one of them is not there.
  std::optional<std::vector<NodeId>> nodes{};
  std::optional<Happening> first{};  ///< that has fitted since the last look
  std::uint64_t more = 0;            ///< that have fitted after it
};

struct BreakHit {
  std::uint64_t number = 0;
  std::string condition;  ///< as typed
  std::string what;       ///< one sentence
};

/// What is said of hits, and what programs get: the table `breaks`. `ends` is what they have ended:
/// "run", "next", "repeat", "line" or nothing; `how` says so to people, and may be empty.
Reply ReportOf(std::span<const BreakHit> hits, std::string_view ends, std::string_view how);

/// Threads: one.
class Breakpoints {
 public:
  explicit Breakpoints(const Simulation& simulation);

  /// Requires names that are there (CheckNames). The reference lasts until the next change.
  const Breakpoint& Add(BreakCondition condition);
  /// False if there is none of this number.
  bool Delete(std::uint64_t number);
  std::span<const Breakpoint> list() const { return list_; }

  /// For a checkpoint, after Take(). Conditions come back by being read again.
  std::string Save() const;
  /// Takes over what was saved. Errors: kFile for bytes that Save() cannot have written.
  Result<void> Load(std::string_view saved);

  /// To be called with every event, in order.
  void Learn(const Event& event);
  /// What has hit since the last call, in the order of numbers, each once. To be called after every
  /// command. Nothing after one that has gone to another moment: what holds there has not become
  /// true.
  std::vector<BreakHit> Take();

 private:
  std::optional<std::vector<NodeId>> NodesOf(const Breakpoint& breakpoint) const;
  /// The sentence of what has hit; nothing if nothing has. Looks anew.
  std::optional<std::string> TakeHappening(Breakpoint& breakpoint);
  std::optional<std::string> TakeCondition(Breakpoint& breakpoint);

  const Simulation& simulation_;
  bool by_contacts_ = false;  // nodes meet by coming into contact
  std::vector<Breakpoint> list_;
  std::uint64_t last_number_ = 0;
  bool went_back_ = false;  // since the last look
};

}  // namespace delstep
