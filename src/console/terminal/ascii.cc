#include "console/terminal/ascii.h"

#include <array>
#include <cstdlib>

#include "base/text.h"

namespace delstep {

bool WantsAscii() {
  // The order in which the C library looks at them; the first that is set counts.
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale = Lower(value);
    return locale.find("utf-8") == locale.npos && locale.find("utf8") == locale.npos;
  }
  return false;
}

std::string AsciiText(std::string_view text) {
  struct Sign {
    std::string_view sign, ascii;
  };
  constexpr std::array kSigns = {Sign{"·", "-"},  Sign{"–", "-"}, Sign{"—", "-"},  Sign{"…", "..."},
                                 Sign{"→", "->"}, Sign{"×", "x"}, Sign{"≤", "<="}, Sign{"≥", ">="}};
  std::string ascii;
  while (!text.empty()) {
    std::string_view taken = text.substr(0, 1), put = taken;
    for (const Sign& sign : kSigns)
      if (text.starts_with(sign.sign)) taken = sign.sign, put = sign.ascii;
    ascii += put;
    text.remove_prefix(taken.size());
  }
  return ascii;
}

}  // namespace delstep
