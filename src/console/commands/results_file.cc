#include "console/commands/results_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/csv.h"
#include "base/json.h"

namespace delstep {
namespace {

std::string TableText(std::span<const LogEntry> entries, char separator) {
  std::string text =
      fmt::format("{}\n", fmt::join(std::array{"CYCLE", "TYPE", "NODE", "SCOPE", "LOSS", "ACC"},
                                    std::string(1, separator)));
  for (const LogEntry& e : entries)
    if (e.is_result)
      text += fmt::format("{1}{0}RESULT{0}{2}{0}{3}{0}{4:.4f}{0}{5:.4f}\n", separator, e.cycle,
                          CsvField(e.node), CsvField(e.scope), e.loss, e.accuracy);
  return text;
}

std::string JsonRows(std::span<const LogEntry> entries, std::string_view separator) {
  std::string text;
  for (const LogEntry& e : entries)
    if (e.is_result)
      text += fmt::format(
          R"({}{{"cycle":{},"type":"RESULT","node":{},"scope":{},"loss":{},"accuracy":{}}})",
          text.empty() ? "" : separator, e.cycle, JsonString(e.node), JsonString(e.scope),
          JsonNumber(e.loss), JsonNumber(e.accuracy));
  return text;
}

}  // namespace

Result<const WriteGraph*> FindGraphWriter(const Registry& registry, const Word& file) {
  auto writer = registry.graph_writers.FindByEnding(file.text);
  if (!writer) return At(file, std::move(writer).error());
  return writer;
}

std::string ResultsText(ResultsFormat format, std::span<const LogEntry> entries) {
  switch (format) {
    case ResultsFormat::kTsv:
      return TableText(entries, '\t');
    case ResultsFormat::kJsonLines: {
      const std::string rows = JsonRows(entries, "\n");
      return rows.empty() ? rows : rows + '\n';
    }
    case ResultsFormat::kJson:
      return '[' + JsonRows(entries, ",\n ") + "]\n";
    case ResultsFormat::kCsv:
      break;
  }
  return TableText(entries, ',');
}

}  // namespace delstep
