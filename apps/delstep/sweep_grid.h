#pragma once
/// Which runs a sweep consists of: every combination of the values of its keys.
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// A key with several values, as written.
struct SweptKey {
  std::string key;
  std::vector<std::string> values;
};

class SweepGrid {
 public:
  static constexpr std::size_t kMostRuns = 100'000;

  /// From "key=value" in the order given. A value with commas outside brackets, parentheses and
  /// quotes is several: "ring,full", "[32],[64,32]", "uniform(1ms,2ms),5ms". So is a range of whole
  /// numbers, also among others: "1..5", "1..3,10". Keys with a single value are fixed().
  ///
  /// Errors (kUsage): no key has several values; a key is given twice; a value is empty or twice the
  /// same; a range goes down; more than kMostRuns runs.
  static Result<SweepGrid> Parse(std::span<const std::string> overrides);

  const std::vector<SweptKey>& swept() const { return swept_; }
  /// The overrides that hold for all runs.
  const std::vector<std::string>& fixed() const { return fixed_; }
  std::size_t size() const { return size_; }

  /// Run `i` of size(): the values of the swept keys, in order. The last key varies fastest.
  std::vector<std::pair<std::string, std::string>> Run(std::size_t i) const;

 private:
  std::vector<SweptKey> swept_;
  std::vector<std::string> fixed_;
  std::size_t size_ = 1;
};

/// The folder of a run: "seed=1,topology.name=ring". What might be trouble in a file's name is
/// replaced, and a long name is cut; a hash of the whole name then keeps it apart from others.
std::string FolderOfRun(std::span<const std::pair<std::string, std::string>> values);

}  // namespace delstep
