#pragma once
/// Results of tests as text: the files of `save results`, results.csv of a run, and the RESULT
/// lines of the log.
#include <cstdint>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// What one node reached in one test: a row of a file of results.
struct ResultEntry {
  std::uint64_t cycle = 0;
  std::string node;   ///< its address
  std::string scope;  ///< what it was tested on: "local", "group g1"
  double loss = 0, accuracy = 0;
};

/// As in the log, without a line end: `0 RESULT 10.0.0.2 local 0.3012 0.9123`, with tabs between.
std::string ResultLine(const ResultEntry& result);

enum class ResultsFormat { kCsv, kTsv, kJsonLines, kJson };
/// By the ending of a file's name. Errors: kUsage, naming the endings that there are.
Result<ResultsFormat> ResultsFormatOf(std::string_view path);

/// Makes the text of a file of results, piece by piece or as a whole. Numbers have four decimals in
/// CSV and TSV and full precision in JSON; CSV is as in RFC 4180, but with "\n" line ends.
class ResultsWriter {
 public:
  explicit ResultsWriter(ResultsFormat format);
  void Add(const ResultEntry& result);
  /// Takes the text since the last call; the first piece has the header.
  std::string Take();
  /// Takes the rest of the text, with the file's end. Nothing is added after it.
  std::string Finish();

 private:
  ResultsFormat format_;
  bool empty_ = true;
  std::string text_;
};

}  // namespace delstep
