#pragma once
/// The log as lines, and its results as files.
#include <span>
#include <string>
#include <string_view>

#include "console/script.h"
#include "console/session.h"

namespace delstep {

enum class ResultsFormat { kCsv, kTsv, kJsonLines, kJson };
/// By the file's ending. Errors: kUsage, naming the endings that there are.
Result<ResultsFormat> ResultsFormatOf(std::string_view path);
/// The results among the entries. Four decimals in CSV and TSV, full precision in JSON; CSV as in
/// RFC 4180, but with
/// "\n" line ends.
std::string ResultsText(ResultsFormat format, std::span<const LogEntry> entries);

/// The writer for the ending of the file's name. Errors, at the word: kUsage.
Result<const WriteGraph*> FindGraphWriter(const Registry& registry, const Word& file);

}  // namespace delstep
