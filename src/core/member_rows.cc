#include "core/member_rows.h"

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_parts.h"
#include "core/cluster/orders.h"
#include "core/engine/sent_rows.h"
#include "core/rows_in_file.h"

namespace delstep {

const Row& MemberRows::Of(std::uint64_t number) const {
  const auto row = rows_.find(number);
  assert(row != rows_.end());
  return row->second;
}

Row MemberRows::OfOrNone(std::uint64_t number) const { return number == 0 ? Row() : Of(number); }

Row& MemberRows::Put(std::uint64_t number, Row row) {
  assert(number != 0);
  return rows_[number] = std::move(row);
}

Bytes MemberRows::bytes() const {
  Bytes bytes = 0;
  for (const auto& [number, row] : rows_) bytes += row.floats() * sizeof(float);
  return bytes;
}

// In the sequence of AddEncoding() in core/engine/sent_rows.cc.
std::string EncodeInMember(Engine& engine, MemberRows& rows, std::size_t items,
                           ByteReader& reader) {
  std::vector<Encoding> encodings;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> names;
  for (; items > 0; --items) {
    Encoding& encoding = encodings.emplace_back();
    encoding.way = static_cast<Encoding::Way>(reader.Number());
    encoding.model = rows.Of(reader.Number());
    encoding.base = rows.OfOrNone(reader.Number());
    encoding.residual = rows.OfOrNone(reader.Number());
    encoding.scale = reader.Real();
    encoding.compressed = reader.Flag();
    encoding.keeps_residual = reader.Flag();
    encoding.key = ReadKey(reader);
    names.emplace_back(reader.Number(), 0);
    names.back().second = reader.Number();
  }
  std::vector<Encoded> done = EncodeHere(engine, encodings);
  ByteWriter results;
  for (std::size_t i = 0; i < done.size(); ++i) {
    results.Add(std::uint64_t{done[i].bytes});
    rows.Put(names[i].first, std::move(done[i].row));
    if (names[i].second != 0) rows.Put(names[i].second, std::move(done[i].residual));
  }
  return results.Take();
}

// In the sequence of AttackEverywhere(). The number of draws is in the key.
std::string AttackInMember(Engine& engine, MemberRows& rows, std::size_t items,
                           ByteReader& reader) {
  std::vector<AttackedRow> attacked;
  std::vector<std::uint64_t> names;
  for (; items > 0; --items) {
    AttackedRow& one = attacked.emplace_back();
    one.attack.kind = static_cast<Attack::Kind>(reader.Number());
    one.attack.value = reader.Real();
    one.key = ReadKey(reader);
    one.row = rows.Of(reader.Number());
    names.push_back(reader.Number());
  }
  std::vector<Row> done = AttackHere(engine, attacked);
  for (std::size_t i = 0; i < done.size(); ++i) rows.Put(names[i], std::move(done[i]));
  return {};
}

namespace {

/// The file that AboutFile() has written of; nothing if it is not seen here.
std::optional<std::string> FileToWrite(std::string_view common) {
  ByteReader about(common);
  std::string file(about.Text());
  return SeesFile(file, about.Number()) ? std::optional(file) : std::nullopt;
}

std::optional<std::string> FileToRead(std::string_view common) {
  ByteReader about(common);
  std::string file(about.Text());
  FileMark mark;
  mark.size = about.Number();
  mark.from = about.Number();
  mark.check_sum = static_cast<std::uint32_t>(about.Number());
  return HasMark(file, mark) ? std::optional(file) : std::nullopt;
}

std::string SeenAndDone(const std::vector<std::uint32_t>& check_sums) {
  ByteWriter results;
  results.Add(true);
  for (const std::uint32_t check_sum : check_sums) results.Add(std::uint64_t{check_sum});
  return results.Take();
}

std::string NotSeen() {
  ByteWriter results;
  results.Add(false);
  return results.Take();
}

}  // namespace

// Rows stay where they are: the system takes them from there.
Result<std::string> WriteInMember(const MemberRows& rows, std::string_view common,
                                  std::size_t items, ByteReader& reader) {
  std::vector<RowInFile> wanted;
  for (; items > 0; --items) {
    RowInFile& row = wanted.emplace_back();
    row.row = &rows.Of(reader.Number());
    row.at = reader.Number();
  }
  const auto file = FileToWrite(common);
  if (!file) return NotSeen();
  DELSTEP_ASSIGN(const std::vector<std::uint32_t> check_sums, WriteRows(*file, wanted));
  return SeenAndDone(check_sums);
}

// A process that does not see the file, or sees another one, has none of the rows afterwards.
Result<std::string> ReadInMember(MemberPools& pools, MemberRows& rows, std::string_view common,
                                 std::size_t items, ByteReader& reader) {
  std::vector<std::uint64_t> names;
  std::vector<Row> read;
  std::vector<RoomForRow> room;
  for (; items > 0; --items) {
    names.push_back(reader.Number());
    const std::size_t floats = reader.Number();
    Row& row = read.emplace_back(pools.try_emplace(floats, floats).first->second.New());
    room.push_back({.numbers = row.Write(), .at = reader.Number()});
  }
  const auto file = FileToRead(common);
  if (!file) return NotSeen();
  DELSTEP_ASSIGN(const std::vector<std::uint32_t> check_sums, ReadRows(*file, room));
  for (std::size_t i = 0; i < read.size(); ++i) rows.Put(names[i], std::move(read[i]));
  return SeenAndDone(check_sums);
}

}  // namespace delstep
