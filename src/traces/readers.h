#pragma once
/// The readers of traces, a file each. A trace is read once, from its beginning to its end: what is
/// in memory are its points, never its text. Errors are kFile with `where` = "file:line", and say
/// what was expected; docs/guide/traces.md has a sample of each format.
#include <string>
#include <string_view>

#include "delstep/result.h"
#include "traces/trace_source.h"
#include "traces/tracks.h"

namespace delstep {

/// Movement of ns-2, as `setdest` of ns-2, BonnMotion and SUMO write it:
///
///     $node_(0) set X_ 12.5
///     $ns_ at 3.0 "$node_(0) setdest 60.0 40.0 1.5"
///     $ns_ at 9.0 "$node_(0) set X_ 80.0"
///
/// Statements come in any order. A node starts at 0, 0 unless it is put elsewhere. `setdest` begins
/// where the node is at that moment, whether or not it has arrived; speed 0 stops it. `set` at a
/// moment is a jump, after which the node stands. Numbers that are negative where they must not be
/// (time, speed) or not finite: the statement is passed over with a note, and so are other
/// statements of Tcl.
Result<Trace> ReadNs2(TraceSource& source);

/// `.movements` of BonnMotion: a line a node, numbered from 0; `t x y` again and again, or `t x y z`,
/// `t x y status`, `t x y z status`. How many belong together is not in the file: it is the first
/// of 3, 4, 5 by which all lines can be divided and times never fall, unless `three_dimensional`
/// says it (outputDim in the file `.params` beside it).
struct BonnMotionFacts {
  bool three_dimensional = false;
  std::size_t nodes = 0;  ///< `nn` of that file; 0: not known
};
Result<Trace> ReadBonnMotion(TraceSource& source, const BonnMotionFacts& facts = {});
/// What a `.params` file says. Lines that it does not know do nothing.
BonnMotionFacts ReadBonnMotionFacts(std::string_view text);

/// Floating car data of SUMO: vehicles, persons and containers of each timestep. Who is missing in a
/// timestep is not there from this one on; who is in the last one stays. Between two timesteps the
/// way is straight, unless it were faster than 100 m/s: that is a jump. Degrees (--fcd-output.geo)
/// are recognized and projected, with a note. A file that ends early, as SUMO leaves it when it is
/// killed, counts as far as timesteps are complete, with a note.
Result<Trace> ReadFcd(TraceSource& source);

/// External movement of The ONE: `minT maxT minX maxX minY maxY [minZ maxZ]`, then `time id x y`,
/// ordered by time. Times and places are counted from the minima. An id is there from its first
/// line on.
Result<Trace> ReadOneMovement(TraceSource& source);

/// A table with a header. `node,t,x,y`: metres; the way between two rows is straight however long
/// it takes, and a row with empty x and y says that the node is gone until its next row.
/// `id,t,lat,lon`: degrees of WGS 84, projected; more than 300 s without a row, and all time before
/// the first and after the last, the node is not there; rows that would need more than 60 m/s and
/// rows at 0, 0 are passed over. Rows in any order. Times beyond 10^8 s are Unix times: they are
/// counted from the first one.
Result<Trace> ReadCsvTrace(TraceSource& source);

enum class TraceFormat { kNs2, kBonnMotion, kFcd, kOne, kCsv };
/// By what the trace begins with. Errors (kFile): it is none of them.
Result<TraceFormat> FormatOfTrace(std::string_view beginning, const std::string& file);
/// Reads a trace of the scenario's mobility.format: "auto", "ns2", "bonnmotion", "fcd", "one", "csv".
Result<Trace> ReadTrace(TraceSource& source, std::string_view format,
                        const BonnMotionFacts& facts = {});
/// Reads the file, and `.params` beside one that is called `.movements`. Errors (kFile): besides
/// those of the readers, it is missing, empty, or something else.
Result<Trace> ReadTraceFile(const std::string& path, std::string_view format);

}  // namespace delstep
