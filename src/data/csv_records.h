#pragma once
/// Records of a CSV file (RFC 4180), one at a time.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

/// Fields are separated by a comma, a semicolon, a tab or a bar (`|`): whichever the first record
/// has most of, or what a line such as `sep=;` before it says, as Excel writes it. A field in
/// double quotes may hold separators, line ends and, as `""`, quotes; elsewhere a quote is a
/// character like others. Lines end by LF or CRLF, or by CR where there is no LF at all; a byte
/// order mark is passed over, and so are empty lines. One record and what was read ahead is in
/// memory.
///
/// Errors (kFile), with `where` = "file:line": a quote that is not closed, text behind a closing
/// quote, a record of more than 16 MiB, a byte 0 (no text file), UTF-16.
class CsvRecords {
 public:
  /// `source` outlives this.
  explicit CsvRecords(ByteSource& source);

  /// Reads the next record; false at the end.
  Result<bool> Next();

  /// Its fields, valid until the next call; quotes are resolved.
  std::span<const std::string_view> fields() const { return fields_; }
  /// The line where it begins, from 1.
  std::uint64_t line() const { return line_; }
  /// What messages call the source.
  const std::string& source_name() const { return source_.name(); }
  /// An error of kind kFile in the line of this record.
  Error Wrong(std::string message, std::string hint = {}) const;

 private:
  struct Place {
    std::size_t begin, end;  // in buffer_, without quotes
    bool quoted, escaped;    // escaped: holds "" for "
  };
  enum class Scan { kWhole, kCut };  // cut: the buffer ends in the record

  Result<void> Fill();
  Result<void> FindSeparator();
  bool TakeNamedSeparator();
  Result<Scan> ScanRecord();
  Result<Scan> ScanQuoted(std::size_t& at);
  void ScanPlain(std::size_t& at);
  void Resolve();
  std::string_view text() const { return {buffer_.data(), end_}; }

  ByteSource& source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what is not yet consumed
  bool at_end_ = false;              // of the source
  char separator_ = 0;               // 0: not known yet
  char line_end_ = '\n';
  std::uint64_t line_ = 0, next_line_ = 1;
  std::vector<Place> places_;
  std::vector<std::string> resolved_;
  std::vector<std::string_view> fields_;
};

}  // namespace delstep
