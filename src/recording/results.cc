#include "recording/results.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr std::array kResultsEndings = {
    std::pair{".csv", ResultsFormat::kCsv}, std::pair{".tsv", ResultsFormat::kTsv},
    std::pair{".jsonl", ResultsFormat::kJsonLines}, std::pair{".json", ResultsFormat::kJson}};

/// As on screen and in the log: four decimals. Events have all digits.
std::string TableRow(char separator, const ResultEntry& result, std::string_view node,
                     std::string_view scope) {
  return fmt::format("{1}{0}RESULT{0}{2}{0}{3}{0}{4:.4f}{0}{5:.4f}", separator, result.cycle, node,
                     scope, result.loss, result.accuracy);
}

std::string JsonRow(const ResultEntry& result) {
  return fmt::format(
      R"({{"cycle":{},"type":"RESULT","node":{},"scope":{},"loss":{},"accuracy":{}}})",
      result.cycle, JsonString(result.node), JsonString(result.scope), JsonNumber(result.loss),
      JsonNumber(result.accuracy));
}

}  // namespace

std::string ResultLine(const ResultEntry& result) {
  return TableRow('\t', result, result.node, result.scope);
}

Result<ResultsFormat> ResultsFormatOf(std::string_view path) {
  std::string known;
  const std::string lower = Lower(path);
  for (const auto& [ending, format] : kResultsEndings) {
    if (lower.ends_with(ending) && path.size() > std::strlen(ending)) return format;
    known += (known.empty() ? "" : ", ") + std::string(ending);
  }
  return UsageError(fmt::format("cannot tell the format of '{}' by its ending", path),
                    "endings are: " + known);
}

ResultsWriter::ResultsWriter(ResultsFormat format) : format_(format) {
  switch (format) {
    case ResultsFormat::kCsv:
      text_ = "CYCLE,TYPE,NODE,SCOPE,LOSS,ACC\n";
      break;
    case ResultsFormat::kTsv:
      text_ = "CYCLE\tTYPE\tNODE\tSCOPE\tLOSS\tACC\n";
      break;
    case ResultsFormat::kJson:
      // One list, closed by Finish(): until then the file is not whole.
      text_ = "[";
      break;
    case ResultsFormat::kJsonLines:
      break;
  }
}

void ResultsWriter::Add(const ResultEntry& result) {
  switch (format_) {
    case ResultsFormat::kCsv:
    case ResultsFormat::kTsv:
      text_ += TableRow(format_ == ResultsFormat::kCsv ? ',' : '\t', result, CsvField(result.node),
                        CsvField(result.scope));
      text_ += '\n';
      break;
    case ResultsFormat::kJsonLines:
      text_ += JsonRow(result) + '\n';
      break;
    case ResultsFormat::kJson:
      // The comma before, not after: the last one must have none.
      if (!empty_) text_ += ",\n ";
      text_ += JsonRow(result);
      break;
  }
  empty_ = false;
}

std::string ResultsWriter::Take() { return std::exchange(text_, {}); }

std::string ResultsWriter::Finish() {
  if (format_ == ResultsFormat::kJson) text_ += "]\n";
  return Take();
}

}  // namespace delstep
