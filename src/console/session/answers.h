#pragma once
/// In which order `--json` answers, and what belongs to what.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "console/session/json.h"
#include "console/session/voice.h"

namespace delstep {

/// Every command that was begun is answered once. Planned commands that run inside of another one are
/// answered before it, as its parts. `repeat` and `load` only queue commands, so their
/// answers are kept until those, their parts, have been answered; then they say how many there
/// were, and a repeat that a breakpoint has ended says in which round.
/// Parts may be repeats with parts of their own:
///
///   repeat 2 { repeat 2 cycle }   cycle, cycle, repeat (2 parts), cycle, cycle, repeat (2), repeat (6)
///
/// Threads: one.
class Answers {
 public:
  explicit Answers(JsonStream& stream) : stream_(stream) {}

  /// From here on objects carry the id of a request, given as JSON; the last of them is marked.
  void BeginRequest(std::string id);
  void EndRequest();

  /// A command has been run.
  void Add(CommandResult answer, const AnswerPlace& place);

 private:
  struct Kept {
    CommandResult answer;
    std::size_t depth = 0;
    std::uint64_t first = 0;   ///< answers put out before its parts
    std::uint64_t failed = 0;  ///< of its parts
  };
  void Put(const CommandResult& answer, bool last);
  void NoteEnd(std::uint64_t round);

  JsonStream& stream_;
  std::string id_;
  std::vector<Kept> kept_;
  std::uint64_t count_ = 0;
};

}  // namespace delstep
