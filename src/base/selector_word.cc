#include "base/selector_word.h"

#include <fmt/format.h>

#include "base/shortened.h"

namespace delstep {

std::optional<std::string> MeansManyNodes(std::string_view label) {
  const auto bracket = label.find('[');
  const bool is_range = bracket != label.npos && bracket > 0 && label.ends_with(']') &&
                        label.substr(0, bracket).find_first_not_of("0123456789.") == label.npos;
  const bool is_group = label.size() > 1 && label.starts_with('@');
  if (!is_range && !is_group && label != "all") return std::nullopt;
  return fmt::format("{} {}: write one line for each of its nodes", Excerpt(label),
                     is_range   ? "is a range and no node"
                     : is_group ? "is a group and no node"
                                : "means every node");
}

}  // namespace delstep
