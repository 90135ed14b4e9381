#pragma once
/// The rows of a resumed run. One process makes them of the saved bytes; many read them from the file, each
/// those of its nodes.
///
/// The worlds are read before the rows are: only they tell whose a row is. So the rows are handles whose
/// numbers nobody has yet, until ReadEverywhere().
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "core/engine/engine.h"
#include "core/world/row.h"
#include "core/world/world.h"
#include "core/world/world_bytes.h"
#include "delstep/result.h"
#include "delstep/saved_state.h"

namespace delstep {

class ResumedRows {
 public:
  /// `file`: null where the rows are made of `state` itself. `state` outlives this.
  ResumedRows(Engine& engine, std::string_view state, const StateFile* file);

  /// Reads so many model rows, and then state rows, from where the reader is; the reader tells what is
  /// wrong. State rows of a length that no learner here has stay empty.
  void Read(ByteReader& reader, std::size_t models, std::size_t states);
  const SavedRows& rows() const { return rows_; }

  /// With `file`: each process reads the rows of its nodes. What belongs to no node is dealt out, and a
  /// process that does not see the file, or sees another one of this name, leaves its rows to this one.
  /// Errors: kFile, also where the check sum is another one.
  Result<void> ReadEverywhere(std::span<const std::optional<World>> worlds);

 private:
  /// A row of the file, whether a learner here has a use for it or not.
  struct Place {
    Row row;
    std::size_t at = 0, size = 0;  ///< in the state, its length included
    std::uint32_t check_sum = 0;
  };
  /// The next row; empty where there is no pool for it.
  Row Next(ByteReader& reader, RowPool* pool);
  std::map<const void*, int> HomesOf(std::span<const std::optional<World>> worlds) const;
  Result<void> ReadHere(const std::vector<Place*>& places);
  Result<void> ReadShares(const std::vector<std::vector<Place*>>& shares,
                          std::vector<Place*>& left);
  Result<void> CheckSum() const;

  Engine& engine_;
  const std::string_view state_;
  const StateFile* const file_;
  SavedRows rows_;
  std::vector<Place> places_;
};

}  // namespace delstep
