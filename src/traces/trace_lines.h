#pragma once
/// The lines of a trace, one at a time.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// Lines end by LF or CRLF, or by CR alone where there is no LF; a byte order mark is passed over.
/// The line and what was read ahead are in memory. Errors (kFile), at "file:line": a byte 0 or UTF-16 (no text file), a line of more
/// than 64 MiB; besides those of the source.
class TraceLines {
 public:
  /// `source` outlives this.
  explicit TraceLines(ByteSource& source);

  /// Goes to the next line; false at the end.
  Result<bool> Next();
  /// Goes to the next line that is neither empty nor a comment, which begins with `#`, blanks
  /// before it or not.
  Result<bool> NextContent();

  /// The line without its end, valid until the next call.
  std::string_view text() const { return line_; }
  std::size_t number() const { return number_; }  ///< from 1
  /// What messages call the source.
  const std::string& file() const { return source_.name(); }

  /// An error of kind kFile in this line.
  Error Wrong(std::string message, std::string hint = {}) const;
  /// The number that `text` is; `what` names it in messages: "x". Errors: Wrong(), for what is no
  /// number and what is beyond kFarthest.
  Result<double> Number(std::string_view text, std::string_view what) const;
  /// The moment that `text` is, in seconds. Errors: Wrong(), as of a negative one.
  Result<SimTime> Moment(std::string_view text, std::string_view what) const;

 private:
  Result<void> Fill();

  ByteSource& source_;
  std::string buffer_;
  std::size_t begin_ = 0;  // what is not yet consumed
  bool at_end_ = false;    // of the source
  bool begun_ = false;
  char line_end_ = '\n';
  std::string_view line_;
  std::size_t number_ = 0;
};

/// The words of a line, between blanks and tabs, put into `words`.
void SplitWords(std::string_view line, std::vector<std::string_view>& words);

}  // namespace delstep
