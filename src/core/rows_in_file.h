#pragma once
/// Rows as a saved state has them: each with its length in bytes before it (base/bytes.h).
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/world/row.h"
#include "delstep/result.h"

namespace delstep {

/// A row, and where in the file its length begins. The row belongs to the caller.
struct RowInFile {
  const Row* row = nullptr;
  std::uint64_t at = 0;
};

/// What stands before a row of so many numbers.
std::string LengthOfRow(std::size_t floats);
/// Of a row with its length.
std::uint64_t SizeInFile(const Row& row);

/// Writes rows whose numbers are here into a file that is there, each at its place, and returns the
/// CRC-32 of each with its length when they are on the disk. Others may write the rest at the same time.
/// Errors: kFile, as WriteParts() of base/file_parts.h.
Result<std::vector<std::uint32_t>> WriteRows(const std::string& file,
                                             std::span<const RowInFile> rows);

/// The other way: fills rows that nobody has looked at. The lengths are read, and only their check sum
/// is looked at.
struct RoomForRow {
  std::span<float> numbers{};
  std::uint64_t at = 0;
};
Result<std::vector<std::uint32_t>> ReadRows(const std::string& file,
                                            std::span<const RoomForRow> rows);

}  // namespace delstep
