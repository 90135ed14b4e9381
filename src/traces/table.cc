#include "traces/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/cells.h"
#include "base/shortened.h"
#include "base/text.h"

namespace delstep {

Result<std::vector<std::string>> TraceTable::Cells() {
  if (separator_ == 0) separator_ = SeparatorOf(lines_.text());
  auto cells = CellsOfLine(lines_.text(), separator_);
  if (!cells) return lines_.Wrong("a quote that is not closed");
  return *std::move(cells);
}

Result<void> TraceTable::ReadHeader(std::string_view hint) {
  DELSTEP_ASSIGN(const bool begun, lines_.NextContent());
  if (!begun) return BadFile("it has no line", std::string(hint)).At(lines_.file());
  DELSTEP_ASSIGN(names_, Cells());
  used_.assign(names_.size(), false);
  return {};
}

void TraceTable::TakeHeaderAsRow(std::vector<std::string> names) {
  assert(names.size() == names_.size());
  cells_ = std::exchange(names_, std::move(names));
}

std::optional<std::size_t> FindColumn(std::span<const std::string> columns,
                                      std::span<const std::string_view> names) {
  const auto found = std::ranges::find_if(columns, [&](const std::string& column) {
    return std::ranges::find(names, Lower(column)) != names.end();
  });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::optional<std::size_t> TraceTable::Find(std::span<const std::string_view> names) {
  const auto column = FindColumn(names_, names);
  if (column) used_[*column] = true;
  return column;
}

Result<bool> TraceTable::Next() {
  DELSTEP_ASSIGN(const bool more, lines_.NextContent());
  if (!more) return false;
  DELSTEP_ASSIGN(cells_, Cells());
  if (cells_.size() != names_.size())
    return lines_.Wrong(fmt::format("{}, expected {}", Count(cells_.size(), "cell"), names_.size()),
                        fmt::format("the columns are {}", Excerpt(Join(names_, ","))));
  return true;
}

void TraceTable::TellUnused(std::vector<std::string>& notes) const {
  std::string unused;
  for (std::size_t column = 0; column < names_.size(); ++column)
    if (!used_[column] && unused.size() < 100)
      unused +=
          (unused.empty() ? "" : ", ") +
          (names_[column].empty() ? "number " + std::to_string(column + 1) + " (without a name)"
                                  : Excerpt(names_[column]));
  if (!unused.empty()) notes.push_back("passed over the columns " + unused);
}

Duration ShiftOfUnixTimes(SimTime first, std::vector<std::string>& notes) {
  constexpr Duration kThreeYears = std::chrono::seconds(100'000'000);
  if (first == SimTime::max() || first.time_since_epoch() < kThreeYears) return {};
  notes.push_back(fmt::format("its times are Unix times: they are counted from the first one, {}",
                              first.time_since_epoch() / std::chrono::seconds(1)));
  return first.time_since_epoch();
}

}  // namespace delstep
