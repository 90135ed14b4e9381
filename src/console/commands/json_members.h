#pragma once
/// The members of `result` under `--json`, each described once: one name means one thing in every
/// reply. docs/reference/json.md is made from this list, and a test plays every transcript and
/// fails at a member that is not in it.
#include <span>
#include <string>
#include <string_view>

namespace delstep {

struct JsonMember {
  std::string_view name;
  /// count, bytes: whole numbers from 0 · time: whole nanoseconds · number · text · bool · address
  /// · list: of texts · rows: of objects · pair: of values, of one moment and of another · object ·
  /// value: what fits the key. A `?` at the end: or null. Two types with " | " between: either.
  std::string_view type;
  std::string_view meaning;
  /// First words of the commands that answer with it, between blanks.
  std::string_view verbs;
};
std::span<const JsonMember> JsonMembers();
/// Null if there is none.
const JsonMember* FindJsonMember(std::string_view name);

/// docs/reference/json.md.
std::string JsonReference();

}  // namespace delstep
