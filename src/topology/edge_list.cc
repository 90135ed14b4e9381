#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "topology/graph_builder.h"
#include "topology/graph_files.h"

namespace delstep {
namespace {

constexpr std::string_view kSeparators = " \t,\r\f\v";

std::vector<std::string_view> Fields(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto start = line.find_first_not_of(kSeparators);
    if (start == line.npos) return fields;
    line.remove_prefix(start);
    const auto end = std::min(line.find_first_of(kSeparators), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

/// W of `{'weight': W}`, and "1" of `{}`; nothing for other dictionaries.
std::optional<std::string_view> WeightOfDictionary(std::string_view text) {
  text = Trim(text);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  text = Trim(text.substr(1, text.size() - 2));
  if (text.empty()) return "1";
  if (!text.starts_with("'weight':") && !text.starts_with("\"weight\":")) return std::nullopt;
  return Trim(text.substr(std::string_view("'weight':").size()));
}

Result<void> ReadLine(std::string_view line, std::size_t offset, GraphBuilder& builder) {
  line = line.substr(0, line.find('#'));
  const auto brace = line.find('{');
  std::vector<std::string_view> fields = Fields(line.substr(0, brace));
  if (brace != line.npos) {
    const auto weight = WeightOfDictionary(line.substr(brace));
    if (!weight || fields.size() != 2) {
      return builder.At(
          offset,
          fmt::format("{} is not of the form a b {{}} or a b {{'weight': 2.5}}", Excerpt(line)),
          "save the graph with networkx' write_weighted_edgelist");
    }
    fields.push_back(*weight);
  }
  if (fields.empty()) return {};
  if (fields.size() == 1) return builder.AddNode(fields[0], offset);
  if (fields.size() > 3) {
    return builder.At(
        offset, fmt::format("{} fields in a line; allowed are a b or a b weight", fields.size()));
  }
  const auto weight = fields.size() == 3 ? ParseReal(fields[2]) : std::optional(1.0);
  if (!weight) {
    return builder.At(offset, fmt::format("the weight {} is not a finite number, such as 0.5",
                                          Excerpt(fields[2])));
  }
  return builder.AddEdge(fields[0], fields[1], *weight, offset);
}

}  // namespace

Result<Graph> ReadEdgeList(std::string_view text, std::string_view file,
                           const NodesOptions& nodes) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  GraphBuilder builder(file, text, nodes);
  if (const std::size_t clean = CleanLength(text); clean < text.size()) {
    return builder.At(clean,
                      fmt::format("not a text file: byte 0x{:02x} at offset {}",
                                  static_cast<unsigned char>(text[clean]), clean),
                      "an edge list is UTF-8 text; node-link JSON must be called .json");
  }
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    DELSTEP_TRY(ReadLine(text.substr(start, end - start), start, builder));
    start = end + 1;
  }
  if (builder.empty())
    return BadFile("the file names no node", "write one edge a line: a b").At(std::string(file));
  return builder.Finish(/*directed=*/false);
}

}  // namespace delstep
