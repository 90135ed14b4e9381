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

}  // namespace delstep
