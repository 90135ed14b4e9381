#include "base/odd_blank.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include "base/utf8.h"

namespace delstep {

std::string OddBlankHint(std::string_view text) {
  constexpr char32_t kNoBreak = 0xA0, kNarrowNoBreak = 0x202F;
  const auto hint = [](std::string_view what, char32_t c, std::string_view remedy) {
    return fmt::format("there is {}, U+{:04X}, in it: {}", what, static_cast<unsigned>(c), remedy);
  };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = NextCodePoint(text, at);
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
      case UTF8PROC_CATEGORY_ZS:
        if (c == ' ') break;
        return hint(c == kNoBreak || c == kNarrowNoBreak ? "a no-break space" : "an uncommon blank",
                    c, "type a common blank");
      case UTF8PROC_CATEGORY_ZL:
      case UTF8PROC_CATEGORY_ZP:
        return hint("an uncommon end of a line", c, "begin a new line with Enter");
      case UTF8PROC_CATEGORY_CF:
        return hint("an invisible character", c, "remove it");
      default:
        break;
    }
  }
  return {};
}

}  // namespace delstep
