#include "core/engine/evaluation_cache.h"

#include <cassert>

#include "base/hash.h"

namespace delstep {

ExamplesHash HashExamples(std::span<const std::uint32_t> examples) {
  // Two hashes of 64 bits with different seeds: no two lists of a run will ever meet by chance.
  return {HashBytes(std::as_bytes(examples), 0), HashBytes(std::as_bytes(examples), 1)};
}

// Versions of rows are never reused within a run: an equal version means the same numbers.
const EvaluateResult* EvaluationCache::Find(const EvaluationKey& test) const {
  const auto found = results_.find(test);
  return found == results_.end() ? nullptr : &found->second;
}

void EvaluationCache::Keep(const EvaluationKey& test, const EvaluateResult& result) {
  assert(result.failure == JobFailure::kNone);
  // Models change all the time: most of what is kept will not be asked for again.
  if (results_.size() >= capacity_) results_.clear();
  results_.insert_or_assign(test, result);
}

std::size_t EvaluationCache::bytes() const {
  // What a std::map adds to an entry: three pointers and a colour.
  constexpr std::size_t kTreeNode = 4 * sizeof(void*);
  return results_.size() * (kTreeNode + sizeof(EvaluationKey) + sizeof(EvaluateResult));
}

}  // namespace delstep
