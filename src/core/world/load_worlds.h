#pragma once
/// Bytes and lists of rows become worlds again; world_bytes.h says what is in them.
///
/// Threads: one.
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/world/world.h"
#include "core/world/world_bytes.h"
#include "delstep/data.h"
#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// One of the worlds that were saved together, and what it needs that is not in its bytes.
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
