#include "core/saved_tables.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/engine/tables.h"

namespace delstep {
namespace {

using Table = std::shared_ptr<const std::string>;

/// From 1 on; 0: there is none. Puts it into the list where it is not there yet.
std::uint64_t NumberOf(const Table& table, std::vector<Table>& tables) {
  if (!table) return 0;
  const auto found = std::ranges::find(tables, table);
  const auto place = static_cast<std::uint64_t>(found - tables.begin());
  if (found == tables.end()) tables.push_back(table);
  return place + 1;
}

}  // namespace

void SaveTables(ByteWriter& writer, std::span<const World* const> worlds) {
  std::vector<Table> tables;
  ByteWriter numbers;
  for (const World* world : worlds) {
    numbers.Add(NumberOf(world->scenario->compute.table, tables));
    numbers.Add(NumberOf(world->scenario->churn.table, tables));
  }
  writer.Add(std::uint64_t{tables.size()});
  for (const Table& table : tables) writer.Add(std::string_view(*table));
  writer.Append(numbers.Take());
}

std::vector<WorldTables> LoadTables(ByteReader& reader, std::size_t worlds) {
  std::vector<Table> tables = {nullptr};
  for (std::size_t left = reader.Count(8); left > 0 && reader.ok(); --left)
    tables.push_back(std::make_shared<const std::string>(reader.Text()));
  std::vector<WorldTables> of_worlds;
  for (std::size_t i = 0; i < worlds && reader.ok(); ++i) {
    const Table& compute = tables[reader.NumberUpTo(tables.size() - 1)];
    const Table& churn = tables[reader.NumberUpTo(tables.size() - 1)];
    of_worlds.push_back({.compute = compute, .churn = churn});
  }
  return of_worlds;
}

bool GiveTables(const WorldTables& tables, Scenario& scenario) {
  if (NeedsComputeTable(scenario) != (tables.compute != nullptr) ||
      NeedsChurnTable(scenario) != (tables.churn != nullptr))
    return false;
  scenario.compute.table = tables.compute;
  scenario.churn.table = tables.churn;
  return true;
}

}  // namespace delstep
