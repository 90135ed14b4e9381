#include "console/results_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/json.h"

namespace delstep {
namespace {

constexpr std::array kEndings = {
    std::pair{".csv", ResultsFormat::kCsv}, std::pair{".tsv", ResultsFormat::kTsv},
    std::pair{".jsonl", ResultsFormat::kJsonLines}, std::pair{".json", ResultsFormat::kJson}};

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

std::string FormatLogEntry(const LogEntry& entry) {
  if (entry.is_result)
    return fmt::format("{}\tRESULT\t{}\t{}\t{:.4f}\t{:.4f}", entry.cycle, entry.node, entry.scope,
                       entry.loss, entry.accuracy);
  return fmt::format("{}\tCOMMAND\t{}\t[{}]", entry.cycle, entry.ok ? "OK" : "ER", entry.text);
}

Result<ResultsFormat> ResultsFormatOf(std::string_view path) {
  std::string known;
  for (const auto& [ending, format] : kEndings) {
    if (path.ends_with(ending) && path.size() > std::strlen(ending)) return format;
    known += (known.empty() ? "" : ", ") + std::string(ending);
  }
  return Misused(fmt::format("cannot tell the format of '{}' by its ending", path),
                 "endings are: " + known);
}

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
