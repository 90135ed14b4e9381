#include "data/csv_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

/// Whether the records from `begin` to `end` count in this column, from whatever they begin with.
bool Counts(std::span<const float> features, std::size_t width, std::size_t column,
            std::size_t begin, std::size_t end) {
  // A float has all whole numbers up to 2^24; above, as the reader, the nearest one.
  const double first = features[begin * width + column];
  for (std::size_t record = begin; record < end; ++record)
    if (features[record * width + column] !=
        static_cast<float>(first + static_cast<double>(record - begin)))
      return false;
  return true;
}

}  // namespace

std::vector<std::size_t> CountingColumns(std::span<const float> features, std::size_t width,
                                         std::span<const std::size_t> ends) {
  std::vector<std::size_t> counting;
  for (std::size_t column = 0; column < width; ++column) {
    std::size_t begin = 0, longest = 0;
    const bool counts = std::ranges::all_of(ends, [&](std::size_t end) {
      const std::size_t from = std::exchange(begin, end);
      longest = std::max(longest, end - from);
      if (from == end) return true;
      const float first = features[from * width + column];
      const bool begins = first == 0 || first == 1;
      const bool goes_on = from > 0 && first == features[(from - 1) * width + column] + 1;
      return (begins || goes_on) && Counts(features, width, column, from, end);
    });
    if (counts && longest >= kFewestCounted) counting.push_back(column);
  }
  return counting;
}

std::string CountingNote(std::string_view column) {
  return fmt::format(
      "column '{}' counts the records: as a feature it tells a model the order of the rows; if it "
      "is an index, leave it out (pandas: index=False, drop(columns=...))",
      CutToWidth(Printable(column), 40));
}

bool IsPandasIndex(std::string_view column) {
  constexpr std::string_view kName = "Unnamed: ";
  if (!column.starts_with(kName)) return false;
  const std::string_view number = column.substr(kName.size());
  // A level of an index with several of them is "Unnamed: 0_level_0".
  const auto digits = number.find_first_not_of("0123456789");
  if (digits == number.npos) return !number.empty();
  return digits > 0 && (number[digits] == '.' || number[digits] == '_');
}

}  // namespace delstep
