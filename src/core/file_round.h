#pragma once
/// The round of a cluster in which each process writes, or reads, rows of one file that all see.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file_parts.h"
#include "core/cluster/cluster.h"
#include "core/cluster/orders.h"
#include "delstep/result.h"

namespace delstep {

/// What all are told of the file: its path, and how they know it. A file that is being written is at least
/// so long; one that is read has a mark.
inline std::string AboutFile(const std::string& file, std::uint64_t size) {
  ByteWriter about;
  about.Add(std::string_view(file));
  about.Add(size);
  return about.Take();
}
inline std::string AboutFile(const std::string& file, const FileMark& mark) {
  ByteWriter about;
  about.Add(std::string_view(file));
  about.Add(mark.size);
  about.Add(mark.from);
  about.Add(std::uint64_t{mark.check_sum});
  return about.Take();
}

/// Plays the round. `shares` has, by process, what stands for the rows that this process does; `about` is
/// one of the above. Of a row, `ask(item, row)` writes the order for another process, and
/// `take(process, row, check_sum)` gets what came of it. `here(share)` does the leader's own share
/// meanwhile; the others are waited for whatever comes of it, so that nobody gives up the file while
/// they are at work.
///
/// Returns the processes that do not see the file, which have done nothing. Errors: that of `here`, or
/// of another process.
template <class T, class Ask, class Here, class Take>
Result<std::vector<int>> PlayFileRound(Cluster& cluster, Work work, const std::string& about,
                                       const std::vector<std::vector<T>>& shares, const Ask& ask,
                                       const Here& here, const Take& take) {
  Round round(cluster);
  for (std::size_t process = 1; process < shares.size(); ++process)
    for (const T& row : shares[process]) {
      ask(round.Item(static_cast<int>(process), work), row);
      round.SetCommon(static_cast<int>(process), about);
    }
  round.Start();
  const Result<void> done = here(shares[0]);
  const auto answers = round.Finish();
  DELSTEP_TRY(done);
  if (!answers) return answers.error();
  std::vector<int> blind;
  for (std::size_t process = 1; process < shares.size(); ++process) {
    if (shares[process].empty()) continue;
    ByteReader reader((*answers)[process]);
    if (!reader.Flag()) {
      blind.push_back(static_cast<int>(process));
      continue;
    }
    for (const T& row : shares[process])
      take(static_cast<int>(process), row, static_cast<std::uint32_t>(reader.Number()));
  }
  return blind;
}

}  // namespace delstep
