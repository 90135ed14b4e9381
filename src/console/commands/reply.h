#pragma once
/// What a command says: plain data, rendered as text for people or as JSON for programs.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "delstep/types.h"

namespace delstep {

/// A node, as people and programs call it: people see its name, or its address where it has none;
/// JSON has the address, and in a member called `node` the name beside it, as `name` ("" without).
struct NodeLabel {
  std::string address;
  std::string name;  ///< may be empty

  const std::string& shown() const { return name.empty() ? address : name; }
};

/// A value that people read as text and programs as something with a form: an object, a list of
/// objects, a value of the configuration.
struct JsonValue {
  std::string json;  ///< one whole value
  std::string text;
};

/// A Duration is a time of the simulation: "12.4s" for people, whole nanoseconds in JSON.
/// monostate: no value ("–" in a table, null in JSON).
using Cell =
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
                 std::vector<std::string>, NodeLabel, std::vector<NodeLabel>, Duration, JsonValue>;

struct Column {
  std::string key{};    ///< member name in JSON: "test_acc"; see json_members.h; empty: for people
  std::string title{};  ///< header for people, with the unit: "latency/ms"; empty: for programs
  int decimals = 4;     ///< of doubles, for people; JSON has full precision
  /// People see the column only where some row has something in it: no 0, no dash, no empty text.
  bool optional = false;
  /// Left out before others where a terminal has no room for all columns.
  bool minor = false;
};
struct Table {
  std::string key{};  ///< member name of the array in JSON: "nodes"; empty: for people only
  std::vector<Column> columns{};
  std::vector<std::vector<Cell>> rows{};  ///< each as long as columns
  /// Rows shown at a terminal, then "… 68 more"; files, pipes and JSON have all. 0: the table is for
  /// JSON only.
  std::size_t shown = 40;
  std::size_t left_out = 0;  ///< rows that were not even made, being not shown
  bool at_terminal = true;  ///< false: what a terminal has no room for is said there in other words
  bool in_full = true;      ///< false: for terminals alone, where another table says more
};

/// What people read in a line. Where there is room for all of it (a file, a pipe) that is `text`, at a
/// terminal `brief`: "skipped: ann, ben, … 68 more". Nothing: no line there.
struct Line {
  Line(std::string line) : text(line), brief(std::move(line)) {}
  Line(std::string_view line) : Line(std::string(line)) {}
  Line(const char* line) : Line(std::string(line)) {}
  Line(std::optional<std::string> whole, std::string at_terminal)
      : text(std::move(whole)), brief(std::move(at_terminal)) {}
  std::optional<std::string> text, brief;
};

/// `text` and `output` are for people: `output` is what was asked for, word for word, `text` reports
/// what was done: one line, and further ones for what needs attention. `fields` and `tables` are the
/// members of `result` in JSON. People see output, text, tables; the tables of a command that does
/// something only where it is watched closely (Detail in console/session/render.h).
///
/// A reply is the same whoever asks: it holds what any reader wants, and the reader's renderer
/// chooses.
struct Reply {
  std::vector<Line> text{};
  std::vector<Line> output{};
  std::vector<std::pair<std::string, Cell>> fields{};
  std::vector<Table> tables{};
};

}  // namespace delstep
