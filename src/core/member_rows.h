#pragma once
/// The rows that a member (core/member.h) holds, and what it does with them for messages and files.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/bytes.h"
#include "core/engine/engine.h"
#include "core/world/row.h"
#include "delstep/result.h"

namespace delstep {

/// Rows by the numbers that the leader has given them. A number that is not there is a fault of the
/// program: assert.
class MemberRows {
 public:
  const Row& Of(std::uint64_t number) const;
  /// The same; an empty row for 0.
  Row OfOrNone(std::uint64_t number) const;
  /// Keeps the row under this number; does nothing for 0.
  Row& Put(std::uint64_t number, Row row);
  void Forget(std::uint64_t number) { rows_.erase(number); }
  std::size_t size() const { return rows_.size(); }
  Bytes bytes() const;

 private:
  std::unordered_map<std::uint64_t, Row> rows_;
};

/// For rows that come from elsewhere, by their length.
using MemberPools = std::map<std::size_t, RowPool>;

// ---- Orders, as core/engine/sent_rows.cc, core/saved_bytes.cc and core/resumed_rows.cc write them.

/// Work::kEncode: makes what nodes send.
std::string EncodeInMember(Engine& engine, MemberRows& rows, std::size_t items, ByteReader& reader);
/// Work::kAttack: makes what attackers send instead.
std::string AttackInMember(Engine& engine, MemberRows& rows, std::size_t items, ByteReader& reader);
/// Work::kWriteRows: whether this process sees the file, and the check sums of what it has written.
/// Errors: kFile.
Result<std::string> WriteInMember(const MemberRows& rows, std::string_view common,
                                  std::size_t items, ByteReader& reader);
/// Work::kReadRows: whether this process sees the file, and the check sums of what it has read.
/// Errors: kFile.
Result<std::string> ReadInMember(MemberPools& pools, MemberRows& rows, std::string_view common,
                                 std::size_t items, ByteReader& reader);

}  // namespace delstep
