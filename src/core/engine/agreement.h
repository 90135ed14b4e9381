#pragma once
/// Processes of one run make the engine each by itself: data sets and files of the user's are read where
/// they are needed, on whatever machine that is. So each process may find something else, or nothing. Here
/// all agree on what they have read, before anybody computes with it.
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "core/cluster/cluster.h"
#include "core/engine/engine.h"
#include "delstep/data.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A hash of what a learner sees of the data. Checkpoints carry it too.
std::uint64_t HashOf(const Dataset& data);

/// What an engine is made of that may be another one on another machine.
struct Ingredients {
  std::string kernels;             ///< the instruction set: bits hold for one (math/kernels.h)
  std::uint64_t examples = 0;      ///< of the data set
  std::uint64_t data = 0;          ///< HashOf() it
  std::vector<PartContent> files;  ///< of the rule and of the model, where they are files
};

/// Of what has been made for the engine, which has the data. Data are read once, so for an engine that is
/// made anew they count as 0. A file that cannot be read does too: whoever makes the part has judged that.
Ingredients IngredientsOf(const Engine& engine, const Renewal& renewal);

void Add(ByteWriter& writer, const Ingredients& ingredients);
Ingredients ReadIngredients(ByteReader& reader);

/// Has all other processes make from the same scenario what this one has made for the engine
/// (Cluster::ProposeEngine, also for `rule`), and compares what they have read with what this one has.
/// Returns the name of the engine to be.
///
/// Errors: kFile, naming the process, its machine and the file, where a file is missing or has other
/// contents; kUnavailable where its processor computes other bits; another error of a process that cannot make
/// it. All then go on with what they had.
Result<EngineName> AgreeOn(const Engine& engine, const Renewal& renewal, std::uint64_t rule);

}  // namespace delstep
