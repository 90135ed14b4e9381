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

/// The name in quotes for a shell, and for Python within the double quotes of a shell.
std::string ShellName(std::string_view path);
std::string PythonName(std::string_view path);
/// The name of a file that a hint may write: "graph.json", or "graph-2.json" where there is one
/// already. It is never the file that is read, which a shell would empty first.
std::string NewGraphName(std::string_view path, std::string_view ending);

/// A command that makes node-link JSON of the file: networkx reads it with `reader`, such as
/// "read_adjlist".
std::string ConversionHint(std::string_view path, std::string_view reader);
/// The same of lines with a node and its neighbours, whatever stands between them.
std::string AdjacencyHint(std::string_view path);

}  // namespace delstep
