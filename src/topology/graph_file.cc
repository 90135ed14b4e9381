#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "topology/graph_files.h"

namespace delstep {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} << 20;

Error AtTheFile(const std::string& path, Error error) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    error.hint = "topology.file is looked up from the working directory";
  return std::move(error).At(path);
}

}  // namespace

Result<Graph> ReadGraphFile(const std::string& path, const NodesOptions& nodes) {
  const auto text = ReadFile(path, kLargestFile);
  if (!text) return AtTheFile(path, text.error());
  const std::string ending = Lower(std::filesystem::path(path).extension().string());
  const auto read = ending == ".json"      ? ReadNodeLink
                    : ending == ".graphml" ? ReadGraphml
                    : ending == ".gml"     ? ReadGml
                                           : ReadEdgeList;
  return read(*text, path, nodes);
}

}  // namespace delstep
