#include "console/language/results_format.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

namespace delstep {
namespace {

constexpr std::array kEndings = {
    std::pair{".csv", ResultsFormat::kCsv}, std::pair{".tsv", ResultsFormat::kTsv},
    std::pair{".jsonl", ResultsFormat::kJsonLines}, std::pair{".json", ResultsFormat::kJson}};

}  // namespace

Result<ResultsFormat> ResultsFormatOf(std::string_view path) {
  std::string known;
  for (const auto& [ending, format] : kEndings) {
    if (path.ends_with(ending) && path.size() > std::strlen(ending)) return format;
    known += (known.empty() ? "" : ", ") + std::string(ending);
  }
  return UsageError(fmt::format("cannot tell the format of '{}' by its ending", path),
                    "endings are: " + known);
}

}  // namespace delstep
