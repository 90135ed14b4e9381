#pragma once
/// The state of a run as bytes: what Simulation::SaveState() makes, and Simulation::Resume() takes.
/// Moments of the run may be in them too, which share what they have in common with the present.
///
/// The bytes hold everything that changes in a run: models, optimizers, guestbooks, mail, messages
/// on the way, clock, links, groups, counts. They do not hold what a run is made from: the
/// scenario, and the data, of which they know a hash. What is said about the run (log, script, exit
/// code) is the program's, which keeps it beside them in its checkpoint files (src/checkpoint).
///
/// Equal states give equal bytes, whatever the number of processes. They are for the same version
/// of the program.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// What came of writing them into a file.
struct StateInFile {
  /// CRC-32 of all the bytes, as zip files have it.
  std::uint32_t check_sum = 0;
  /// Other processes that do not see the file; the first one has fetched what they hold, and has
  /// written it.
  std::vector<int> blind{};
};

/// The bytes. Models are not copied for it: this refers to them where they lie, and they stay as
/// they are while the run goes on. In a run of many processes most of them lie in the others.
///
/// Threads: one caller at a time, which is not within a command of the simulation.
class SavedBytes {
 public:
  virtual ~SavedBytes() = default;
  virtual Bytes size() const = 0;

  /// All of them, in pieces that follow each other and live as long as this. What lies in other
  /// processes is brought here and stays: that may be more than this one can hold.
  virtual std::vector<std::span<const std::byte>> Pieces() const = 0;

  /// Writes all of them into a file that is there, from the byte `begin` on, and returns when they
  /// are on the disk. What stands before and after them stays. Each process writes the models that
  /// it holds, at the same time; a process that does not see the file sends them here.
  /// Errors: kFile, as the first process that failed says it; something may have been written.
  virtual Result<StateInFile> WriteInto(const std::string& file, Bytes begin) const = 0;
};

struct SavedState {
  std::shared_ptr<const SavedBytes> bytes;
  std::size_t moments = 0;  ///< that are in the bytes: the first ones of those that were given
};

/// Where in a file such bytes are. The file stays as it is until they have been read.
struct StateFile {
  std::string path;
  Bytes begin = 0;
  std::uint32_t check_sum = 0;  ///< of all the bytes, as whoever wrote the file says
};

/// What became of a file that was written with such a state in it.
struct WrittenState {
  /// Of the whole file.
  Bytes bytes = 0;
  /// As in StateInFile.
  std::vector<int> blind{};
};

}  // namespace delstep
