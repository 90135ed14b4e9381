#pragma once
/// Results of tests that have been made: an unchanged model is not tested twice on the same
/// examples.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>

#include "delstep/learner.h"

namespace delstep {

/// 128 bits of hash stand for a list of examples (of one data set: a run knows no other).
struct ExamplesHash {
  std::uint64_t low = 0, high = 0;
  friend auto operator<=>(const ExamplesHash&, const ExamplesHash&) = default;
};
ExamplesHash HashExamples(std::span<const std::uint32_t> examples);

/// Names a test.
struct EvaluationKey {
  std::uint64_t model = 0;  ///< Row::version
  ExamplesHash examples;
  friend auto operator<=>(const EvaluationKey&, const EvaluationKey&) = default;
};

/// A learner's results depend on nothing but rows and examples, so they hold as long as the learner
/// does. At most `capacity` of them are kept: who adds one more finds the cache emptied first.
/// Threads: one.
class EvaluationCache {
 public:
  static constexpr std::size_t kCapacity = std::size_t{1} << 17;

  explicit EvaluationCache(std::size_t capacity = kCapacity) : capacity_(capacity) {}

  /// Null if the test is not known. Good until the next call of Keep() or Clear().
  const EvaluateResult* Find(const EvaluationKey& test) const;
  /// Requires a result without error.
  void Keep(const EvaluationKey& test, const EvaluateResult& result);
  void Clear() { results_.clear(); }
  std::size_t size() const { return results_.size(); }
  /// About what it takes.
  std::size_t bytes() const;

 private:
  std::size_t capacity_;
  std::map<EvaluationKey, EvaluateResult> results_;
};

}  // namespace delstep
