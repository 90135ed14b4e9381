#pragma once
/// Work of a run of many processes: which pieces stay here, and where the results of the others go.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "delstep/result.h"

namespace delstep {

/// Which pieces went to which process, and the pieces that stay here with places for their results.
template <class Piece, class Done>
struct SpreadWork {
  // Pointers to the caller's lists, which do not grow meanwhile.
  std::vector<const Piece*> here;
  std::vector<Done*> done_here;
  std::vector<std::vector<Done*>> elsewhere;  // by process

  explicit SpreadWork(std::size_t processes) : elsewhere(processes) {}
  void Keep(const Piece& piece, Done& done) {
    here.push_back(&piece);
    done_here.push_back(&done);
  }
  /// read(reader, done) fills in the result of one piece. Of an error every piece has a part.
  template <class Read>
  void Gather(const Result<std::vector<std::string>>& answers, Read read) {
    for (std::size_t process = 0; process < elsewhere.size(); ++process) {
      ByteReader reader(answers ? std::string_view((*answers)[process]) : std::string_view());
      for (Done* done : elsewhere[process]) read(reader, *done);
    }
  }
};

}  // namespace delstep
