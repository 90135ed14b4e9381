#pragma once
/// How a message shows a text that somebody else wrote, and that may be long or unprintable.
#include <string>
#include <string_view>

#include "base/utf8.h"

namespace delstep {

/// A message stays readable with two of these in it.
constexpr std::size_t kShortenedWidth = 60;

/// The text with control characters and wrong bytes as "\x0c", and "…" where it was cut off.
inline std::string Shortened(std::string_view text, std::size_t width = kShortenedWidth) {
  return CutToWidth(Printable(text.substr(0, 8 * width)), width);
}

/// The same in quotes and shorter: a label or a cell, of which a message may name several.
inline std::string Excerpt(std::string_view text) { return "'" + Shortened(text, 40) + "'"; }

}  // namespace delstep
