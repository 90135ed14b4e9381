#include "data/npz_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace delstep {
namespace {

constexpr const char* kNumberClasses =
    "number the classes from 0 without gaps: y = numpy.unique(y, return_inverse=True)[1], over "
    "both parts";

}  // namespace

Error NpzLabels::Wrong(const std::string& what, std::string hint) const {
  return BadFile(fmt::format("'{}': {}", name_, what), std::move(hint));
}

Result<void> NpzLabels::Read(ByteSource& source, const NpyHeader& header) {
  name_ = source.name();
  const auto& shape = header.shape;
  const std::uint64_t width = shape.size() > 1 ? shape[1] : 1;
  if (shape.size() > 2 || width == 0) {
    return Wrong(fmt::format("labels of shape {}", header.shape_text()),
                 "labels are [n] whole numbers, or [n, classes] one-hot rows");
  }
  if (width_ && *width_ != width) {
    return Wrong(fmt::format("labels of shape {}, but those of the training part are {} wide",
                             header.shape_text(), *width_));
  }
  width_ = width;
  DELSTEP_ASSIGN(const std::vector<std::int64_t> values, ReadNpyAs<std::int64_t>(source, header));
  return width == 1 ? TakeNumbers(values) : TakeOneHot(values);
}

Result<void> NpzLabels::TakeNumbers(std::span<const std::int64_t> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::in_range<std::int32_t>(values[i]) || values[i] < 0) {
      return Wrong(fmt::format("label number {} is {}, expected a class from 0", i, values[i]),
                   kNumberClasses);
    }
    labels_.push_back(static_cast<std::int32_t>(values[i]));
  }
  return {};
}

Result<void> NpzLabels::TakeOneHot(std::span<const std::int64_t> values) {
  const auto width = static_cast<std::size_t>(*width_);
  for (std::size_t row = 0; row < values.size() / width; ++row) {
    const auto hot = values.subspan(row * width, width);
    const auto one = std::ranges::find(hot, 1);
    const auto zeros = std::ranges::count(hot, 0);
    if (one == hot.end() || static_cast<std::uint64_t>(zeros) + 1 != width) {
      return Wrong(fmt::format("row {} of the labels is not one-hot: one 1 and else 0", row),
                   "an example has exactly one class: labels are [n] whole numbers, or [n, "
                   "classes] one-hot rows");
    }
    labels_.push_back(static_cast<std::int32_t>(one - hot.begin()));
  }
  return {};
}

Result<std::int32_t> NpzLabels::CountClasses() const {
  if (*width_ > 1) return static_cast<std::int32_t>(*width_);
  const std::int32_t highest = *std::ranges::max_element(labels_);
  // Among more classes than labels one is missing, and it is found among the first ones.
  std::vector<bool> seen(std::min<std::size_t>(std::size_t(highest) + 1, labels_.size() + 1));
  for (const std::int32_t label : labels_)
    if (static_cast<std::size_t>(label) < seen.size()) seen[static_cast<std::size_t>(label)] = true;
  const auto gap = std::ranges::find(seen, false);
  if (gap != seen.end()) {
    return Wrong(
        fmt::format("labels go up to {}, but {} never occurs", highest, gap - seen.begin()),
        kNumberClasses);
  }
  return highest + 1;
}

}  // namespace delstep
