#pragma once
/// Which format a graph file has. What a text begins with decides before the ending of its name
/// does, and a format that nobody here reads is refused by its name rather than read as another.
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

enum class GraphFormat { kEdgeList, kNodeLink, kGraphml, kGml };

/// Errors (kFile): an empty file, a pointer of Git LFS instead of the file, UTF-16, compressed
/// bytes, another format; the message names which one, the hint how to get one that is read.
Result<GraphFormat> FormatOfGraph(const std::string& path, std::string_view text);

/// A command that makes node-link JSON of the file: networkx reads it with `reader`, such as
/// "read_adjlist".
std::string ConversionHint(std::string_view path, std::string_view reader);

}  // namespace delstep
