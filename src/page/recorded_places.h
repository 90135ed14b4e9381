#pragma once
/// positions.csv of a run directory by moment: /api/places of a recorded run.
///
/// A moment has the rows of the nodes that were elsewhere than in the moment before it
/// (recording/position_rows.h), so places are found on the way back to the start. Where a moment
/// was made twice, after `undo`, its last rows count. Lines that cannot be read, such as one that
/// was cut off, are left out. Kept in memory: 12 bytes per row. Threads: any.
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace delstep {

class RecordedPlaces {
 public:
  /// Nothing: the record has no such file, as nodes have no places, or the program was an older one.
  static std::optional<RecordedPlaces> Open(const std::filesystem::path& file);

  /// {"node":["10.0.0.1",...],"x":[...],"y":[...]}, in the order in which nodes were first told of.
  /// `back`: the moments from one to the start, that one first. Nodes that have left meanwhile may
  /// be among them.
  std::string ToJson(std::span<const std::uint64_t> back) const;

 private:
  struct Row {
    std::uint32_t node = 0;  // place in addresses_
    float x = 0, y = 0;
  };
  void Read(std::string_view line);

  std::vector<std::string> addresses_;
  std::unordered_map<std::string, std::uint32_t> index_;
  std::map<std::uint64_t, std::vector<Row>> moments_;
  std::optional<std::uint64_t> last_;  // whose rows are being read
};

}  // namespace delstep
