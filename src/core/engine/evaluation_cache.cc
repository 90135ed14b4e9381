#include "core/engine/evaluation_cache.h"

#include <cassert>

#include "base/hash.h"

namespace delstep {

ExamplesHash HashExamples(std::span<const std::uint32_t> examples) {
  return {HashBytes(std::as_bytes(examples), 0), HashBytes(std::as_bytes(examples), 1)};
}

const EvaluateResult* EvaluationCache::Find(const EvaluationKey& test) const {
  const auto found = results_.find(test);
  return found == results_.end() ? nullptr : &found->second;
}

void EvaluationCache::Keep(const EvaluationKey& test, const EvaluateResult& result) {
  assert(result.failure == JobFailure::kNone);
  if (results_.size() >= capacity_) results_.clear();
  results_.insert_or_assign(test, result);
}

std::size_t EvaluationCache::bytes() const {
  constexpr std::size_t kTreeNode = 4 * sizeof(void*);
  return results_.size() * (kTreeNode + sizeof(EvaluationKey) + sizeof(EvaluateResult));
}

}  // namespace delstep
