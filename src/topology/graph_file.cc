#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "topology/graph_files.h"
#include "topology/graph_formats.h"

namespace delstep {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} << 20;

/// The message names the file, so there is no place to say besides.
Error OfTheFile(const std::string& path, Error error) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    error.hint = "topology.file is looked up from the working directory";
  return error;
}

}  // namespace

Result<Graph> ReadGraphFile(const std::string& path, const NodesOptions& nodes) {
  const auto text = ReadText(path, kLargestFile);
  if (!text) return OfTheFile(path, text.error());
  DELSTEP_ASSIGN(const GraphFormat format, FormatOfGraph(path, *text));
  switch (format) {
    case GraphFormat::kNodeLink:
      return ReadNodeLink(*text, path, nodes);
    case GraphFormat::kGraphml:
      return ReadGraphml(*text, path, nodes);
    case GraphFormat::kGml:
      return ReadGml(*text, path, nodes);
    case GraphFormat::kEdgeList:
      break;
  }
  return ReadEdgeList(*text, path, nodes);
}

}  // namespace delstep
