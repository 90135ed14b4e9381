#pragma once
/// The formats of `save results`.
#include <string_view>

#include "delstep/result.h"

namespace delstep {

enum class ResultsFormat { kCsv, kTsv, kJsonLines, kJson };
/// By the file's ending. Errors: kUsage, naming the endings that there are.
Result<ResultsFormat> ResultsFormatOf(std::string_view path);

}  // namespace delstep
