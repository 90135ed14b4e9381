#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "base/text.h"
#include "topology/graph_files.h"

namespace delstep {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} << 20;

Result<std::string> ReadText(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return BadFile(fmt::format("cannot read '{}': it is a directory", path)).At(path);
  const auto failure = [&] {
    return BadFile(
               fmt::format("cannot read '{}': {}", path, std::generic_category().message(errno)),
               "topology.file is looked up from the working directory")
        .At(path);
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return failure();
  std::string text;
  char part[1 << 16];
  while (const std::size_t size = std::fread(part, 1, sizeof part, file.get())) {
    text.append(part, size);
    if (text.size() > kLargestFile) {
      return BadFile(fmt::format("'{}' is larger than {}, the largest graph file allowed", path,
                                 HumanBytes(kLargestFile)))
          .At(path);
    }
  }
  if (std::ferror(file.get())) return failure();
  return text;
}

}  // namespace

Result<Graph> ReadGraphFile(const std::string& path, const NodesOptions& nodes) {
  DELSTEP_ASSIGN(const std::string text, ReadText(path));
  const std::string ending = Lower(std::filesystem::path(path).extension().string());
  const auto read = ending == ".json"      ? ReadNodeLink
                    : ending == ".graphml" ? ReadGraphml
                    : ending == ".gml"     ? ReadGml
                                           : ReadEdgeList;
  return read(text, path, nodes);
}

}  // namespace delstep
