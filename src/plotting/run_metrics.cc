#include "plotting/run_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include "base/text.h"
#include "data/csv_records.h"

namespace delstep {
namespace {

constexpr std::array<std::string_view, 8> kColumns = {"run",  "step",  "cycle",  "sim_time",
                                                      "node", "group", "metric", "value"};
enum Column : std::size_t { kRun, kStep, kCycle, kTime, kNode, kGroup, kMetric, kValue };

/// A number that can be calculated with; beyond it a model has burst, or the file is made up.
std::optional<double> Number(std::string_view text) {
  const auto number = ParseReal(text);
  return number && std::abs(*number) < 1e100 ? number : std::nullopt;
}

/// The rows of a table one after the other, put with their runs.
class TableReader {
 public:
  explicit TableReader(ByteSource& source) : records_(source) {}

  Result<std::vector<RunMetrics>> Read() {
    DELSTEP_TRY(ReadHeader());
    for (;;) {
      auto more = records_.Next();
      if (!more) return std::move(more).error();
      if (!*more) break;
      // Whether a short row is the last one, the next turn tells.
      if (short_row_) return *short_row_;
      if (records_.fields().size() < keys_.size() + kColumns.size())
        short_row_ = WrongCount();
      else
        DELSTEP_TRY(TakeRow());
    }
    return std::move(runs_);
  }

 private:
  Result<void> ReadHeader() {
    DELSTEP_ASSIGN(const bool any, records_.Next());
    const auto fields = records_.fields();
    if (!any || fields.size() < kColumns.size() ||
        !std::ranges::equal(fields.last(kColumns.size()), kColumns))
      return BadFile(fmt::format("'{}' is no table of metrics: its columns must end with {}",
                                 records_.source_name(), Joined(kColumns)),
                     "such a table is metrics.csv of a run, or sweep.csv of a sweep");
    for (const std::string_view key : fields.first(fields.size() - kColumns.size()))
      keys_.emplace_back(key);
    return {};
  }

  static std::string Joined(std::span<const std::string_view> names) {
    return Join(std::vector<std::string>(names.begin(), names.end()), ",");
  }

  Error WrongCount() const {
    return records_.Wrong(fmt::format("{} fields, but the header has {}", records_.fields().size(),
                                      keys_.size() + kColumns.size()));
  }

  Result<void> TakeRow() {
    const auto fields = records_.fields();
    if (fields.size() != keys_.size() + kColumns.size()) return WrongCount();
    const auto row = fields.last(kColumns.size());
    if (row[kGroup] != "all") return {};
    const auto step = ParseUnsigned(row[kStep]);
    const auto cycle = Number(row[kCycle]), time = Number(row[kTime]);
    if (!step || !cycle || !time)
      return records_.Wrong(
          fmt::format("step, cycle and sim_time must be numbers, not '{}', '{}', "
                      "'{}'",
                      row[kStep], row[kCycle], row[kTime]));
    RunMetrics& run = RunOf(fields.first(keys_.size()), row[kRun]);
    // What is no number was measured on a model that has burst: a gap in the curve.
    if (const auto value = Number(row[kValue])) {
      auto found = run.metrics.find(row[kMetric]);
      if (found == run.metrics.end())
        found = run.metrics.try_emplace(std::string(row[kMetric])).first;
      found->second.push_back({.step = *step, .cycle = *cycle, .time = *time, .value = *value});
    }
    return {};
  }

  RunMetrics& RunOf(std::span<const std::string_view> values, std::string_view name) {
    const auto is_same = [&](const RunMetrics& run) {
      return run.run == name &&
             std::ranges::equal(run.settings, values, {},
                                [](const auto& s) -> std::string_view { return s.second; });
    };
    if (!runs_.empty() && is_same(runs_.back())) return runs_.back();
    RunMetrics& run = runs_.emplace_back();
    run.run = name;
    for (std::size_t i = 0; i < keys_.size(); ++i)
      run.settings.emplace_back(keys_[i], std::string(values[i]));
    return run;
  }

  CsvRecords records_;
  std::vector<std::string> keys_;
  std::vector<RunMetrics> runs_;
  std::optional<Error> short_row_;
};

}  // namespace

Result<std::vector<RunMetrics>> ReadRunMetrics(ByteSource& source) {
  return TableReader(source).Read();
}

}  // namespace delstep
