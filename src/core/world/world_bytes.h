#pragma once
/// Worlds as bytes and back, for checkpoints. The list of its fields (fields.h) says what there is:
/// State and Record are saved, Derived is computed anew.
///
/// What is copy on write is in the bytes once, whoever shares it.
///
/// Rows are not in the bytes. They are listed beside them, each once, and the bytes say which row
/// of the list stands where; so rows that are shared stay shared, and nobody copies them only to
/// write them. Lists of examples and labels of nodes' own are in the bytes, each once.
///
/// Threads: reading a world while nobody writes it.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/world/world.h"
#include "delstep/data.h"
#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// Rows in the order in which the fields first refer to them.
struct SavedRows {
  std::vector<Row> models, states;
};

/// Several worlds of one run. What they share is written once, with the first of them, and is
/// shared again after reading.
struct SavedWorlds {
  std::vector<std::string> fields;  ///< of each world
  SavedRows rows;                   ///< of all of them
};

/// How much the worlds after the first may add: their fields, and rows that no world before them
/// has.
struct Budget {
  Bytes least = 0;          ///< for all worlds but the first
  std::uint64_t share = 0;  ///< the same, as many times what the first one takes
};

/// The first world, and of the others, in order, as many as it takes to pass the greater one of the
/// two limits. Errors: those of Network::Save().
Result<SavedWorlds> SaveWorlds(std::span<const World* const> worlds, const Budget& budget);

struct WorldSource {
  std::string_view fields;
  std::shared_ptr<const Scenario> scenario;  ///< null: the world is read and thrown away
  std::size_t state_floats = 0;              ///< of optimizer states under this scenario
  std::unique_ptr<Network> network;          ///< fresh, of the same backend and seed
};

/// The worlds that were saved, as if nothing had happened; nothing for those without a scenario.
/// `dataset` is that of the run, and outlives them. `rows` may have empty ones in place of states
/// that no scenario here has. The bytes may come from anybody: no value is believed unchecked, and
/// a world that comes back holds what CheckWorld() asks for.
/// Errors: kFile for bytes that SaveWorlds() cannot have written, those of Network::Load().
Result<std::vector<std::optional<World>>> LoadWorlds(std::vector<WorldSource> sources,
                                                     const SavedRows& rows, const Dataset& dataset);

}  // namespace delstep
