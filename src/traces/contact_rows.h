#pragma once
/// What a list of contacts is once it has been read, and its readers. Each reads the list once, from
/// its beginning to its end. Errors are kFile with `where` = "file:line".
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "traces/trace_lines.h"
#include "traces/trace_source.h"
#include "traces/tracks.h"

namespace delstep {

/// Contacts between ids, in any order; those of a pair may overlap.
class ContactRows {
 public:
  struct Row {
    std::uint32_t a = 0, b = 0;  ///< places in ids()
    SimTime begins{}, ends{};    ///< not included; SimTime::max(): for ever
  };

  /// The place of this id, a new one at its first appearance. Errors: one that WrongId() refuses, at
  /// the present line.
  Result<std::uint32_t> Number(std::string_view id, const TraceLines& lines);
  void Add(const Row& row) { rows_.push_back(row); }
  void AddNote(std::string note) { notes_.push_back(std::move(note)); }

  const std::vector<std::string>& ids() const { return ids_; }
  std::vector<Row>& rows() { return rows_; }
  std::vector<std::string>& notes() { return notes_; }

 private:
  std::vector<std::string> ids_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

/// A table `start,end,a,b` in seconds, with that header or others of the same meaning (see
/// docs/guide/traces.md), or without one. Times beyond 10^8 s are Unix times: they are counted from
/// the first one. A contact that lasts for nothing and one of an id with itself are passed over with
/// a note; one that ends before it begins is an error.
Result<ContactRows> ReadContactTable(TraceSource& source);

/// Connections of The ONE: `12.0 CONN 0 7 up`, `31.4 CONN 0 7 down`. An id is what stands behind the
/// letters: p12 is 12, unless `nodes` has a name p12. A second `up` and a `down` without `up`, as at
/// the ends of a trace that was cut, do nothing. Who is connected at the end stays so. Events of
/// messages are passed over with a note.
Result<ContactRows> ReadOneConnections(TraceSource& source, const NodesOptions& nodes);

/// SocioPatterns: `t i j [Ci Cj ...]`, where i and j were in contact in the 20 s before t. Rows of a
/// pair that follow each other by 20 s are one contact. The beginning of the first interval is time
/// 0. A first line that does not begin with a number is a header: it says which column is the time
/// and which are the ids, in any order, and one that does not is an error. So are rows without a
/// header whose first column falls while the third one rises, as the time stands last there, and rows
/// without a header of five numbers, which may have a beginning and an end.
Result<ContactRows> ReadSocioPatterns(TraceSource& source);

/// Reads whichever of the three it is, by its first lines. Errors (kFile): it is none of them.
Result<ContactRows> ReadContacts(TraceSource& source, const NodesOptions& nodes);

}  // namespace delstep
