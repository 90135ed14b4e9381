#pragma once
/// In which order `--json` answers, and what belongs to what.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "console/session/json.h"

namespace delstep {

/// Every command that was begun is answered once. Planned commands that run inside of another one are
/// answered before it, as its parts. `repeat` and `load` only queue commands, so their
/// answers are kept until those, their parts, have been answered; then they say how many there were.
/// Parts may be repeats with parts of their own:
///
///   repeat 2 { repeat 2 cycle }   cycle, cycle, repeat (2 parts), cycle, cycle, repeat (2), repeat (6)
///
/// Threads: one.
class Answers {
 public:
  explicit Answers(JsonStream& stream) : stream_(stream) {}

  /// How many there have been.
  std::uint64_t count() const { return count_; }

  /// From here on objects carry the id of a request, given as JSON; the last of them is marked.
  void BeginRequest(std::string id);
  void EndRequest();

  /// How the queue stands behind a command: see CommandQueue::Depth().
  struct Place {
    std::size_t before = 0;  ///< commands that the command lies in
    std::size_t after = 0;   ///< 0: nothing more will be run
    /// Why nothing more will be run, though there was more.
    const Error* why = nullptr;
    bool fatal = false;  ///< the error ends the program
  };
  /// A command has been run. `queued` is whether it has put others before what was queued.
  void Add(JsonAnswer answer, Place place, bool queued);

 private:
  struct Kept {
    JsonAnswer answer;
    std::size_t depth = 0;
    std::uint64_t first = 0;   ///< answers put out before its parts
    std::uint64_t failed = 0;  ///< of its parts
  };
  void Put(const JsonAnswer& answer, bool last);

  JsonStream& stream_;
  std::string id_;
  std::vector<Kept> kept_;
  std::uint64_t count_ = 0;
};

}  // namespace delstep
