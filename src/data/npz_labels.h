#pragma once
/// The labels of an npz file, part after part.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "archive/npy.h"
#include "delstep/result.h"

namespace delstep {

/// Classes as whole numbers from 0, [n] or [n, 1], or as one-hot rows, [n, classes]; all parts alike.
class NpzLabels {
 public:
  /// Appends the labels of a part: the values that follow its header.
  /// Errors (kFile): another shape, numbers that are no classes, rows that are not one-hot.
  Result<void> Read(ByteSource& source, const NpyHeader& header);

  const std::vector<std::int32_t>& all() const { return labels_; }

  /// How many classes there are, after the last part. Requires one label. Errors (kFile): of whole
  /// numbers, one below the highest that never occurs.
  Result<std::int32_t> CountClasses() const;

 private:
  Result<void> TakeNumbers(std::span<const std::int64_t> values);
  Result<void> TakeOneHot(std::span<const std::int64_t> values);
  Error Wrong(const std::string& what, std::string hint = {}) const;

  std::vector<std::int32_t> labels_;
  std::optional<std::uint64_t> width_;  // of a label: 1 if it is a number
  std::string name_;                    // of the array that was read last
};

}  // namespace delstep
