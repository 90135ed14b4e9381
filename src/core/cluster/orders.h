#pragma once
/// What the leading process says to the others, and how they answer. All in base/bytes.h's bytes.
///
/// A message of the leader is one order. In this sequence it has
///
///   the kind of work
///   forgotten rows, lists and labels, by number
///   the engine, which was proposed before (kPropose): its number and version, or 0 twice
///   lists of examples and labels of nodes' own that are new here, each with its number
///   rows to send: (row, to), and rows to receive: (row, floats, from); see Processes::Exchange()
///   the work: a text that all items share, the number of items, the items
///
/// and the answer is Answer. Rows are named by the leader's Row::version(). Two kinds are different: a
/// kStop has nothing but its kind, may come while an order is being carried out, and is not answered;
/// after a kEnd there is nothing more.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "delstep/learner.h"
#include "delstep/result.h"

namespace delstep {

enum class Work : std::uint8_t {
  kNothing,  ///< rows come and go
  kPropose,  ///< makes an engine, or makes it anew, to be used from the first order on that names it
  kInitialise,  ///< fresh rows of nodes
  kTrain,
  kEvaluate,
  kSum,        ///< weighted sums of rows
  kRule,       ///< asks the rule of aggregation
  kEncode,     ///< what nodes send of what they have learnt
  kAttack,     ///< what attackers send instead
  kHash,       ///< of rows
  kAddToMean,  ///< adds rows to sums in double, in the order given
  kDistances,  ///< squared distances of rows to a mean
  kWriteRows,  ///< into a file that several write
  kReadRows,   ///< from a file that several read
  kFigures,    ///< what this process holds and has done
  kStop,       ///< the work under way is to stop
  kEnd,        ///< the run is over
};

void Add(ByteWriter& writer, const TrainOptions& options);
TrainOptions ReadTrainOptions(ByteReader& reader);
void Add(ByteWriter& writer, RandomKey key);
RandomKey ReadKey(ByteReader& reader);
void Add(ByteWriter& writer, const TrainResult& result);
TrainResult ReadTrainResult(ByteReader& reader);
void Add(ByteWriter& writer, const EvaluateResult& result);
EvaluateResult ReadEvaluateResult(ByteReader& reader);

/// Numbers of one type after each other, as in memory: all processes are of one build.
template <class T>
std::string_view BytesOfList(const T& list) {
  return {reinterpret_cast<const char*>(list.data()), list.size() * sizeof(list[0])};
}
/// Copied, as a text is not aligned.
template <class T>
std::vector<T> ListOf(std::string_view bytes) {
  std::vector<T> list(bytes.size() / sizeof(T));
  if (!list.empty()) std::memcpy(list.data(), bytes.data(), list.size() * sizeof(T));
  return list;
}

/// An answer: the results, one after the other, or why there are none.
std::string Answer(const Result<std::string>& results);
Result<std::string> ReadAnswer(std::string_view answer);

}  // namespace delstep
