#pragma once
/// Tables of nodes: text files with one line per node, or several, and numbers in it. Both files
/// that say what peers are like are such tables: when they are online (churn.file), and how fast
/// they compute (compute.file).
///
///   node,from,to              a header; it may be left out
///   # measured in May         a comment; empty lines do nothing either
///   10.0.0.1,0,3600
///   anna,1800,7200.5
///
/// Fields stand between commas, semicolons, tabs, bars or blanks: whichever of them, in this order,
/// the first line has. Blanks around them do not count, and a field may stand in double quotes.
/// The first line is a header if it names one of the columns, in capitals or not, and holds no
/// number. Below a header
/// the columns may come in any order, and one without a name is passed over; without a header they
/// come in the order of the format. Columns that need not be there may be left out, and their
/// fields may be empty.
///
/// Which node the first column means:
/// 1. an address or a name of the scenario's nodes: that node. If one line names a node so, all
///    must. A group, a range or `all` is no node, and an error;
/// 2. else the nodes go by ids of their own, as in traces of devices: the smallest id is node 0,
///    and so on, by number if all are whole numbers, else by bytes. A note says so, as a file that
///    lacks some ids may not mean what it seems to.
///
/// Errors are kFile, with `where` = "file:line": a node that there is not, more ids than
/// nodes.count, a number that is none or is negative, a header with unknown columns, a wrong number
/// of fields. Messages quote at most 40 bytes of the file, and are always clean UTF-8.
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// What may stand in a column besides the first.
struct NodeColumn {
  std::string_view name;  ///< "ms_per_example"
  double most = 0;        ///< greatest number allowed; the least is 0
  bool required = true;   ///< those that are not come last
};

struct NodeTable {
  static constexpr std::size_t kMostColumns = 3;
  /// The value of an optional field that is empty or left out; compare with std::isnan().
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  struct Row {
    NodeId node{};
    std::uint32_t line = 0;                   ///< from 1
    std::array<double, kMostColumns> values;  ///< in the order of the format
  };
  std::vector<Row> rows;  ///< in the order of the file
  /// Of the scenario's nodes, those that have no line. A caller tells what becomes of them.
  std::size_t missing = 0;
  std::vector<std::string> notes;  ///< sentences for the user; the file's name is in them
};

/// Reads a table. `file` stands in messages only. Requires at most kMostColumns columns.
Result<NodeTable> ParseNodeTable(std::string_view text, std::string_view file,
                                 std::span<const NodeColumn> columns, const NodesOptions& nodes);

/// The error of a row whose numbers do not fit together.
Error AtRow(std::string_view file, const NodeTable::Row& row, std::string message,
            std::string hint = {});

/// A text of a file for use in a message: quoted, cut after 40 bytes, `?` for what is unprintable.
std::string QuotedField(std::string_view text);

}  // namespace delstep
