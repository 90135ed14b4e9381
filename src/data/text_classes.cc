#include "data/text_classes.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {

std::size_t TextClasses::Number(std::string_view text) {
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) return found->second;
  return numbers_.emplace(text, numbers_.size()).first->second;
}

std::vector<std::string> TextClasses::Sort(std::span<std::int32_t> labels) const {
  std::vector<std::string_view> texts(numbers_.size());
  for (const auto& [text, number] : numbers_) texts[number] = text;
  std::vector<double> values;
  for (const std::string_view text : texts)
    if (const auto value = ParseReal(text)) values.push_back(*value);
  const bool by_value = values.size() == texts.size();
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, {}, [&](std::size_t i) { return std::tuple(by_value ? values[i] : 0.0, texts[i]); });
  std::vector<std::string> names;
  std::vector<std::int32_t> rank(texts.size());
  for (const std::size_t i : order) {
    rank[i] = static_cast<std::int32_t>(names.size());
    names.push_back(Printable(texts[i]));
  }
  for (std::int32_t& label : labels) label = rank[static_cast<std::size_t>(label)];
  return names;
}

}  // namespace delstep
