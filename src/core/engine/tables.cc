#include "core/engine/tables.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "base/files.h"

namespace delstep {
namespace {

using Table = std::shared_ptr<const std::string>;

/// Of a file that the scenario needs. `before`: what there was, or null; it stays unless `again` is set.
Result<void> Take(std::string_view key, const std::string& file, Table before, bool again,
                  Table& table) {
  table = std::move(before);
  if (table && !again) return {};
  constexpr std::size_t kLargestFile = std::size_t{1} << 30;
  auto text = ReadText(file, kLargestFile);
  if (!text) return std::move(text).error().About(std::string(key));
  // The same once more is shared with the moments that have it.
  if (!table || *table != *text) table = std::make_shared<const std::string>(*std::move(text));
  return {};
}

bool IsSame(const Table& a, const Table& b) { return a == b || (a && b && *a == *b); }

}  // namespace

bool NeedsComputeTable(const Scenario& scenario) { return !scenario.compute.file.empty(); }
bool NeedsChurnTable(const Scenario& scenario) {
  return scenario.churn.name == "trace" && !scenario.churn.file.empty();
}

Result<void> TakeTables(Scenario& scenario, const Scenario* before, std::string_view key) {
  constexpr std::string_view kCompute = "compute.file", kChurn = "churn.file";
  ComputeOptions& compute = scenario.compute;
  ChurnOptions& churn = scenario.churn;
  compute.table = churn.table = nullptr;
  if (NeedsComputeTable(scenario))
    DELSTEP_TRY(Take(kCompute, compute.file, before ? before->compute.table : nullptr,
                     key == kCompute, compute.table));
  if (NeedsChurnTable(scenario))
    DELSTEP_TRY(Take(kChurn, churn.file, before ? before->churn.table : nullptr, key == kChurn,
                     churn.table));
  return {};
}

bool HaveSameTables(const Scenario& a, const Scenario& b) {
  return (a.compute.file != b.compute.file || IsSame(a.compute.table, b.compute.table)) &&
         (a.churn.file != b.churn.file || IsSame(a.churn.table, b.churn.table));
}

}  // namespace delstep
