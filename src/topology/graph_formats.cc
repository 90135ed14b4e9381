#include "topology/graph_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

/// A format that is known by name only. `reader`: the function of networkx that reads it, or the
/// whole hint where it has a blank.
struct Foreign {
  std::string_view mark;  // an ending, or what the text begins with, in small letters
  std::string_view name;
  std::string_view reader;
};

constexpr std::string_view kByHand =
    "write the graph as an edge list, one edge a line: a b; or as .graphml, .gml or node-link "
    ".json";
constexpr std::string_view kIgraph =
    "python3-igraph reads it: igraph.Graph.Read(FILE).write_graphml('graph.graphml')";

constexpr std::string_view kAdjacency = "read_adjlist";

/// Below the line "Edges" each line has a number, the two ends and more.
constexpr std::string_view kBrite =
    "awk '/^Edges/ {on = 1; next} on && NF > 3 {print $2, $3}' FILE > MADE";

constexpr std::array kForeignEndings = {
    Foreign{".brite", "BRITE", kBrite},
    Foreign{".adjlist", "networkx' adjacency list", kAdjacency},
    Foreign{".multiline_adjlist", "networkx' multi-line adjacency list", "read_multiline_adjlist"},
    Foreign{".adj", "an adjacency list or matrix", kByHand},
    Foreign{".al", "an adjacency list", kAdjacency},
    Foreign{".net", "Pajek", "read_pajek"},
    Foreign{".paj", "Pajek", "read_pajek"},
    Foreign{".g6", "graph6", "read_graph6"},
    Foreign{".graph6", "graph6", "read_graph6"},
    Foreign{".s6", "sparse6", "read_sparse6"},
    Foreign{".sparse6", "sparse6", "read_sparse6"},
    Foreign{".d6", "digraph6", kByHand},
    Foreign{".gexf", "GEXF", "read_gexf"},
    Foreign{".mtx", "Matrix Market", kByHand},
    Foreign{".mm", "Matrix Market", kByHand},
    Foreign{".dot", "DOT of Graphviz (for pictures)", kByHand},
    Foreign{".gv", "DOT of Graphviz (for pictures)", kByHand},
    Foreign{".metis", "METIS", kByHand},
    Foreign{".graph", "METIS", kByHand},
    Foreign{".lgl", "LGL", kIgraph},
    Foreign{".dl", "DL of UCINET", kIgraph},
    Foreign{".gdf", "GDF of GUESS", kByHand},
    Foreign{".tgf", "the trivial graph format", kByHand},
    Foreign{".col", "DIMACS", kIgraph},
    Foreign{".dimacs", "DIMACS", kIgraph},
    Foreign{".leda", "LEDA", "read_leda"},
    Foreign{".lgr", "LEDA", "read_leda"},
    Foreign{".npy", "an array of NumPy",
            "import numpy, networkx as nx; nx.write_gml(nx.from_numpy_array(numpy.load(FILE)), "
            "'graph.gml')"},
    Foreign{".npz", "arrays of NumPy or SciPy", kByHand},
    Foreign{".mat", "MATLAB", kByHand},
    Foreign{".xlsx", "a spreadsheet", "save the sheet as CSV, with the columns source,target"},
    Foreign{".ods", "a spreadsheet", "save the sheet as CSV, with the columns source,target"},
    Foreign{".gpickle", "a pickle of Python (reading it runs what lies in it)",
            "write the graph with networkx' write_graphml"},
    Foreign{".pickle", "a pickle of Python (reading it runs what lies in it)",
            "write the graph with networkx' write_graphml"},
    Foreign{".pkl", "a pickle of Python (reading it runs what lies in it)",
            "write the graph with networkx' write_graphml"},
};

constexpr std::array kForeignBeginnings = {
    Foreign{"*vertices", "Pajek", "read_pajek"},
    Foreign{"*network", "Pajek", "read_pajek"},
    Foreign{"*arcs", "Pajek", "read_pajek"},
    Foreign{"*edges", "Pajek", "read_pajek"},
    Foreign{"%%matrixmarket", "Matrix Market", kByHand},
    Foreign{">>graph6<<", "graph6", "read_graph6"},
    Foreign{">>sparse6<<", "sparse6", "read_sparse6"},
    Foreign{">>digraph6<<", "digraph6", kByHand},
    Foreign{"leda.graph", "LEDA", "read_leda"},
    Foreign{"nodedef>", "GDF of GUESS", kByHand},
    Foreign{"@nodes", "LGF of LEMON", kByHand},
    Foreign{"p edge ", "DIMACS", kIgraph},
    Foreign{"p col ", "DIMACS", kIgraph},
    Foreign{"p sp ", "DIMACS", kIgraph},
    Foreign{"dl n", "DL of UCINET", kIgraph},
    Foreign{"topology: (", "BRITE", kBrite},
};

std::string HintOf(const Foreign& format, const std::string& path) {
  if (format.reader == kAdjacency) return AdjacencyHint(path);
  if (format.reader.find(' ') == std::string_view::npos) return ConversionHint(path, format.reader);
  std::string hint(format.reader);
  const auto put = [&](std::string_view mark, const std::string& text) {
    if (const auto place = hint.find(mark); place != hint.npos)
      hint.replace(place, mark.size(), text);
  };
  put("FILE", hint.starts_with("awk") ? ShellName(path) : PythonName(path));
  put("MADE", NewGraphName(path, ".edges"));
  return hint;
}

Error Unread(const Foreign& format, const std::string& path) {
  return BadFile(fmt::format("the format is {}, which is not read", format.name),
                 HintOf(format, path))
      .At(path);
}

/// The text from its first word on, without comments of lines before it. Those of C have their own
/// sign, as DOT has them.
std::string_view FirstWords(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (;;) {
    const auto start = text.find_first_not_of(" \t\r\n\v\f");
    if (start == text.npos) return {};
    text.remove_prefix(start);
    const bool comment = text.front() == '#' || text.starts_with("//") ||
                         (text.front() == '%' && !text.starts_with("%%MatrixMarket")) ||
                         text.starts_with("c ");
    if (!comment) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
}

/// `graph {`, `strict digraph NAME {`; `graph [` is GML, and `graph b {}` an edge.
bool IsDot(std::string_view text) {
  if (text.starts_with("strict ")) text.remove_prefix(7);
  if (text.starts_with("di")) text.remove_prefix(2);
  if (!text.starts_with("graph")) return false;
  text.remove_prefix(5);
  const auto open = text.find('{');
  if (open == text.npos || text.substr(open + 1).starts_with('}') ||
      text.substr(open + 1).starts_with('\''))
    return false;
  const std::string_view name = text.substr(0, open);
  const bool parted = name.empty() || name.front() == ' ' || name.front() == '\n';
  return parted && Trim(name).find_first_of(" \t\n[,") == name.npos;
}

std::optional<Foreign> ForeignText(std::string_view words) {
  const std::string beginning = Lower(words.substr(0, 80));
  for (const Foreign& format : kForeignBeginnings)
    if (beginning.starts_with(format.mark)) return format;
  if (IsDot(beginning)) return Foreign{{}, "DOT of Graphviz (for pictures)", kByHand};
  return std::nullopt;
}

Result<GraphFormat> FormatOfXml(const std::string& path, std::string_view words) {
  const std::string beginning = Lower(words.substr(0, 4096));
  if (beginning.find("<gexf") != beginning.npos) return Unread({{}, "GEXF", "read_gexf"}, path);
  return GraphFormat::kGraphml;  // its reader names another outermost element
}

}  // namespace

std::string ShellName(std::string_view path) {
  std::string quoted = "'";
  for (const char c : path) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string PythonName(std::string_view path) {
  std::string quoted = "'";
  for (const char c : path) {
    if (c == '\\') {
      quoted += "\\\\\\\\";  // the shell makes two of the four, and Python one of these
      continue;
    }
    if (c == '\'' || c == '"' || c == '$' || c == '`') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string NewGraphName(std::string_view path, std::string_view ending) {
  const std::string read = std::filesystem::path(path).filename().string();
  std::error_code ignored;
  std::string name = fmt::format("graph{}", ending);
  for (int number = 2; name == read || (std::filesystem::exists(name, ignored) && number < 100);
       ++number)
    name = fmt::format("graph-{}{}", number, ending);
  return name;
}

std::string ConversionHint(std::string_view path, std::string_view reader) {
  return fmt::format(
      "python3 -c \"import json, networkx as nx; "
      "json.dump(nx.node_link_data(nx.Graph(nx.{}({}))), open('{}', 'w'))\"",
      reader, PythonName(path), NewGraphName(path, ".json"));
}

std::string AdjacencyHint(std::string_view path) {
  // Its own reader stumbles over empty lines, colons and commas.
  return fmt::format(
      "python3 -c \"import json, re, networkx as nx; "
      "json.dump(nx.node_link_data(nx.parse_adjlist(re.sub('[,;:|]', ' ', line).strip() "
      "for line in open({}))), open('{}', 'w'))\"",
      PythonName(path), NewGraphName(path, ".json"));
}

Result<GraphFormat> FormatOfGraph(const std::string& path, std::string_view text) {
  if (text.empty()) return BadFile("the file is empty", "write one edge a line: a b").At(path);
  const std::string ending = Lower(std::filesystem::path(path).extension().string());
  const std::string_view words = FirstWords(text);
  if (const auto foreign = ForeignText(words)) return Unread(*foreign, path);
  const auto foreign = std::ranges::find(kForeignEndings, ending, &Foreign::mark);
  if (foreign != kForeignEndings.end()) return Unread(*foreign, path);
  if (ending == ".json") return GraphFormat::kNodeLink;
  if (ending == ".gml") return GraphFormat::kGml;
  if (words.starts_with('<') || ending == ".graphml" || ending == ".xml")
    return FormatOfXml(path, words);
  if (words.starts_with('{') || words.starts_with('[')) return GraphFormat::kNodeLink;
  const std::string beginning = Lower(words.substr(0, 40));
  if (beginning.starts_with("creator ") || beginning.starts_with("graph [") ||
      beginning.starts_with("graph\n["))
    return GraphFormat::kGml;
  return GraphFormat::kEdgeList;
}

}  // namespace delstep
