#pragma once
/// A checkpoint: everything that is needed to go on with a run, in one file.
///
/// The file is a zip archive, so that people can look into it:
///
///   manifest.json     what it is: format, program, instruction set, data, cycle, time, what is
/// queued
///   config.toml       the settings of the run as they are now, `set` included
///   origins.bin       where each of them came from
///   environment.json  as in a run directory: versions, and hashes of the files that the run has
/// read
///   session.bin       the script position, the log, the exit code so far, breakpoints
///   history.bin       the tree of moments, and the settings of those that can be gone back to
///   world.bin         Simulation::SaveState(), models and moments included
///
/// It is replaced whole or not at all: whoever is killed while it is written leaves the old one,
/// and so does a full disk. In a run of many processes each writes the models that it holds. What is read is checked: damage, a cut and a made-up file are errors.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/mapped_file.h"
#include "delstep/result.h"
#include "delstep/saved_state.h"
#include "delstep/types.h"

namespace delstep {

/// What manifest.json says.
struct CheckpointFacts {
  std::string program;          ///< its version: "0.1.0"
  std::string instruction_set;  ///< "avx2": with another one, results may differ in the last bits
  std::string data;             ///< name of the data set
  std::uint64_t nodes = 0, cycle = 0;
  SimTime time{};
  std::string next;         ///< the command that is queued next, with its place; empty: none
  bool from_input = false;  ///< commands came from standard input: more may come
};

/// Everything but the state of the simulation.
struct CheckpointTexts {
  CheckpointFacts facts;
  std::string config, origins, environment, session, history;
};

/// Writes the file. Errors: kFile; the old file stays.
Result<WrittenState> WriteCheckpoint(const std::string& file, const CheckpointTexts& texts,
                                     const SavedState& world);

struct ReadCheckpoint {
  CheckpointTexts texts;
  std::string world{};  ///< the state; empty where it is to be read by many
  // Where it is to be read by many: the whole file, and where in it the state is.
  std::optional<MappedFile> mapped{};
  StateFile state_file{};
  Bytes state_size = 0;

  std::string_view state() const {
    return mapped ? mapped->view().substr(state_file.begin, state_size) : world;
  }
};

/// Who reads the state of a checkpoint.
enum class StateReader : std::uint8_t {
  kOne,   ///< it is in memory afterwards, and whole
  kMany,  ///< it stays in the file, unchecked: Simulation::Resume() looks at the check sum
};

/// Reads a file. Errors (kFile, naming the file): it cannot be read, is no checkpoint, is cut or
/// damaged, or has another format than this program writes.
Result<ReadCheckpoint> ReadCheckpointFile(const std::string& file,
                                          StateReader reader = StateReader::kOne);

}  // namespace delstep
