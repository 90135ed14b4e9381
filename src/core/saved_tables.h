#pragma once
/// The tables of nodes of worlds (core/engine/tables.h) as bytes of a checkpoint. Each table is in them
/// once, however many moments have it.
///
/// Threads: one.
#include <compare>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "core/world/world.h"
#include "delstep/scenario.h"

namespace delstep {

/// Of one world; null where it has none.
struct WorldTables {
  std::shared_ptr<const std::string> compute, churn;
  auto operator<=>(const WorldTables&) const = default;
};

void SaveTables(ByteWriter& writer, std::span<const World* const> worlds);
/// As many as there are worlds. What nobody can have saved makes the reader bad.
std::vector<WorldTables> LoadTables(ByteReader& reader, std::size_t worlds);

/// Gives a scenario, which names files alone, the tables of its world. False: the files that it names
/// are not those that the tables are of.
bool GiveTables(const WorldTables& tables, Scenario& scenario);

}  // namespace delstep
