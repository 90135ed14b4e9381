#pragma once
/// The words of DEL-Step that no dictionary has, for `help WORD`. docs/guide/glossary.md tells more.
#include <span>
#include <string_view>

namespace delstep {

struct GlossaryEntry {
  std::string_view word;     ///< "communal learning rate"
  std::string_view aliases;  ///< other names of it, with ", " between: "eta"; may be empty
  std::string_view text;     ///< one to three sentences
  std::string_view see;      ///< where to look at it or change it: commands with ", " between
};

/// In alphabetical order.
std::span<const GlossaryEntry> Glossary();

/// By word or alias, in small or capital letters; null if there is none.
const GlossaryEntry* FindGlossaryEntry(std::string_view word);

}  // namespace delstep
