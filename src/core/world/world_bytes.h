#pragma once
/// A world as bytes and back, for checkpoints. The list of its fields (fields.h) says what there is:
/// State and Record are saved, Derived is computed anew.
///
/// Rows are not in the bytes. They are listed beside them, each once, and the bytes say which row
/// of the list stands where; so rows that are shared stay shared, and nobody copies them only to
/// write them. Lists of examples and labels of nodes' own are in the bytes, each once.
///
/// Threads: reading a world while nobody writes it.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/world/world.h"
#include "delstep/data.h"
#include "delstep/network.h"
#include "delstep/result.h"

namespace delstep {

/// Rows in the order in which the fields first refer to them.
struct SavedRows {
  std::vector<Row> models, states;
};

struct SavedWorld {
  std::string fields;
  SavedRows rows;
};

/// Errors: those of Network::Save().
Result<SavedWorld> SaveWorld(const World& world);

/// The world that was saved, as if nothing had happened. `network` is fresh, of the same backend and
/// seed; `dataset` is that of the run, and outlives the world. The bytes may come from anybody: no
/// value is believed unchecked, and the world that comes back holds what CheckWorld() asks for.
/// Errors: kFile for bytes that SaveWorld() cannot have written, those of Network::Load().
Result<World> LoadWorld(std::string_view fields, const SavedRows& rows,
                        std::unique_ptr<Network> network, const Dataset& dataset);

}  // namespace delstep
