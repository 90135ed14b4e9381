#pragma once
/// What a node, a group, a mark or a branch may be called, so that the command language can tell
/// names from words.
#include <span>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// The words of the command language that are no names: verbs, scopes, `all`. Verbs added later are
/// not among them.
std::span<const std::string_view> ReservedWords();

/// A name has 1 to 64 bytes of valid UTF-8, is no reserved word, address, number or duration, does
/// not begin with '-', and has no blanks, control characters or any of ; # " { } [ ] @. Errors:
/// kUsage, with the name and the reason.
Result<void> CheckNodeName(std::string_view name);
/// As a node's; the words of the `group` command are not allowed either.
Result<void> CheckGroupName(std::string_view name);
/// Of a mark or a branch: as a node's, but it may be a word of the command language, as no node can
/// stand where it stands. `delete` is none.
Result<void> CheckMomentName(std::string_view name);

}  // namespace delstep
