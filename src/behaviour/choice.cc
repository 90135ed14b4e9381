#include "behaviour/choice.h"

#include <algorithm>
#include <string>

namespace delstep {

Result<std::size_t> Choose(std::string_view key, std::string_view value,
                           std::initializer_list<std::string_view> words) {
  const auto* const found = std::ranges::find(words, value);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string known;
  for (const std::string_view word : words) known.append(known.empty() ? "" : ", ").append(word);
  return UsageError(std::string(key) + " = '" + std::string(value) + "' is unknown",
                    "choose one of: " + known)
      .About(std::string(key));
}

}  // namespace delstep
