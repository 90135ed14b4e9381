#include "core/rows_in_file.h"

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/file_parts.h"

namespace delstep {

std::string LengthOfRow(std::size_t floats) {
  ByteWriter writer;
  writer.Add(std::uint64_t{floats * sizeof(float)});
  return writer.Take();
}

std::uint64_t SizeInFile(const Row& row) {
  return sizeof(std::uint64_t) + row.floats() * sizeof(float);
}

Result<std::vector<std::uint32_t>> WriteRows(const std::string& file,
                                             std::span<const RowInFile> rows) {
  // The check sums first: they are needed in any case, and what was read for them is in the cache when
  // small rows are written.
  std::vector<std::string> lengths;
  lengths.reserve(rows.size());  // parts point into them
  std::vector<FilePart> parts;
  std::vector<std::uint32_t> check_sums;
  for (const auto& [row, at] : rows) {
    const auto length = std::as_bytes(std::span(lengths.emplace_back(LengthOfRow(row->floats()))));
    const auto numbers = std::as_bytes(row->view());
    parts.push_back({.at = at, .bytes = length});
    parts.push_back({.at = at + length.size(), .bytes = numbers});
    check_sums.push_back(Crc32(numbers, Crc32(length)));
  }
  DELSTEP_TRY(WriteParts(file, parts));
  return check_sums;
}

Result<std::vector<std::uint32_t>> ReadRows(const std::string& file,
                                            std::span<const RoomForRow> rows) {
  std::vector<std::uint64_t> lengths(rows.size());
  std::vector<FileRoom> parts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto length = std::as_writable_bytes(std::span(&lengths[i], 1));
    parts.push_back({.at = rows[i].at, .bytes = length});
    parts.push_back(
        {.at = rows[i].at + length.size(), .bytes = std::as_writable_bytes(rows[i].numbers)});
  }
  DELSTEP_TRY(ReadParts(file, parts));
  std::vector<std::uint32_t> check_sums;
  for (std::size_t i = 0; i < parts.size(); i += 2)
    check_sums.push_back(Crc32(parts[i + 1].bytes, Crc32(parts[i].bytes)));
  return check_sums;
}

}  // namespace delstep
