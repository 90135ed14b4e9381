#include "data/csv_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/file_kind.h"
#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

constexpr std::size_t kFirstBuffer = std::size_t{1} << 16, kLongestRecord = std::size_t{16} << 20;

}  // namespace

CsvRecords::CsvRecords(ByteSource& source) : source_(source), buffer_(kFirstBuffer) {}

Error CsvRecords::Wrong(std::string message, std::string hint) const {
  return BadFile(std::move(message), std::move(hint))
      .At(fmt::format("{}:{}", source_.name(), line_));
}

/// Makes room, by moving or growing, and reads on.
Result<void> CsvRecords::Fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  if (end_ == buffer_.size()) {
    if (end_ >= kLongestRecord) {
      return Wrong(fmt::format("a record of more than {}", HumanBytes(kLongestRecord)),
                   "is a quote not closed?");
    }
    buffer_.resize(2 * end_);
  }
  const std::span room = std::span(buffer_).subspan(end_);
  DELSTEP_ASSIGN(const std::size_t got,
                 source_.Read({reinterpret_cast<std::uint8_t*>(room.data()), room.size()}));
  if (separator_ == 0)  // the beginning of the file
    if (auto wide = WideText({room.data(), got}, source_.name())) return *std::move(wide);
  if (const void* const nul = std::memchr(room.data(), 0, got)) {
    const char* const before = buffer_.data();
    line_ += static_cast<std::uint64_t>(std::count(before, static_cast<const char*>(nul), '\n'));
    return Wrong("a byte 0: this is no text file",
                 "a CSV file is UTF-8 text; of a spreadsheet save the sheet as CSV");
  }
  at_end_ = got < room.size();
  end_ += got;
  return {};
}

Result<void> CsvRecords::FindSeparator() {
  line_ = 1;
  DELSTEP_TRY(Fill());
  if (text().starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
  if (text().find('\n') == std::string_view::npos && text().find('\r') != std::string_view::npos)
    line_end_ = '\r';
  if (TakeNamedSeparator()) return {};
  constexpr std::string_view kSeparators = ",;\t|";
  std::size_t counts[kSeparators.size()] = {};
  bool quoted = false, begun = false;
  for (const char c : text().substr(begin_)) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == line_end_ && begun) break;
    begun = begun || (c != '\r' && c != '\n');
    if (const auto which = kSeparators.find(c); which != kSeparators.npos) ++counts[which];
  }
  separator_ = kSeparators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts)];
  return {};
}

/// "sep=;" and a line end: Excel's way to name the separator. Passes over it.
bool CsvRecords::TakeNamedSeparator() {
  constexpr std::string_view kSep = "sep=";
  const std::string_view line = text().substr(begin_);
  if (Lower(line.substr(0, kSep.size())) != kSep || line.size() < kSep.size() + 2) return false;
  std::size_t end = kSep.size() + 1;
  if (line[end] == '\r' && line.size() > end + 1 && line[end + 1] == '\n') ++end;
  if (line[end] != line_end_) return false;
  separator_ = line[kSep.size()];
  begin_ += end + 1;
  next_line_ = 2;
  return true;
}

/// `at` is after the opening quote, and moves to after the closing one.
Result<CsvRecords::Scan> CsvRecords::ScanQuoted(std::size_t& at) {
  Place place{at, at, true, false};
  for (;;) {
    const void* const quote = std::memchr(buffer_.data() + at, '"', end_ - at);
    if (quote == nullptr) {
      if (!at_end_) return Scan::kCut;
      return Wrong("a quote is not closed", "write a quote inside a field as \"\"");
    }
    at = static_cast<std::size_t>(static_cast<const char*>(quote) - buffer_.data()) + 1;
    if (at == end_ && !at_end_) return Scan::kCut;
    if (at == end_ || buffer_[at] != '"') break;
    place.escaped = true;
    ++at;
  }
  place.end = at - 1;
  next_line_ += static_cast<std::uint64_t>(
      std::count(buffer_.data() + place.begin, buffer_.data() + place.end, line_end_));
  if (at < end_ && buffer_[at] != separator_ && buffer_[at] != '\n' && buffer_[at] != '\r')
    return Wrong(fmt::format("text behind a closing quote, in field {}", places_.size() + 1),
                 "write a quote inside a field as \"\"");
  places_.push_back(place);
  return Scan::kWhole;
}

void CsvRecords::ScanPlain(std::size_t& at) {
  const std::size_t begin = at;
  const char* const buffer = buffer_.data();
  while (at < end_ && buffer[at] != separator_ && buffer[at] != line_end_) ++at;
  const bool before_line_end =
      at > begin && buffer[at - 1] == '\r' && (at == end_ || buffer[at] == '\n');
  places_.push_back(
      {.begin = begin, .end = before_line_end ? at - 1 : at, .quoted = false, .escaped = false});
}

/// Finds the fields of the record at begin_ and moves begin_ after it.
Result<CsvRecords::Scan> CsvRecords::ScanRecord() {
  places_.clear();
  next_line_ = line_;
  for (std::size_t at = begin_;; ++at) {
    if (at < end_ && buffer_[at] == '"') {
      ++at;
      DELSTEP_ASSIGN(const Scan scan, ScanQuoted(at));
      if (scan == Scan::kCut) return scan;
      if (at < end_ && buffer_[at] == '\r' && line_end_ != '\r') ++at;
    } else {
      ScanPlain(at);
    }
    if (at == end_ && !at_end_) return Scan::kCut;
    if (at < end_ && buffer_[at] == separator_) continue;
    if (at < end_ && buffer_[at] != line_end_) return Wrong("a carriage return inside a line");
    begin_ = std::min(at + 1, end_);
    ++next_line_;
    return Scan::kWhole;
  }
}

void CsvRecords::Resolve() {
  fields_.clear();
  resolved_.clear();
  resolved_.reserve(places_.size());
  for (const Place& place : places_) {
    std::string_view field = text().substr(place.begin, place.end - place.begin);
    if (place.escaped) {
      std::string& plain = resolved_.emplace_back();
      for (std::size_t i = 0; i < field.size(); ++i) {
        plain += field[i];
        if (field[i] == '"') ++i;
      }
      field = plain;
    }
    fields_.push_back(field);
  }
}

Result<bool> CsvRecords::Next() {
  if (separator_ == 0) DELSTEP_TRY(FindSeparator());
  for (;;) {
    line_ = next_line_;
    if (begin_ == end_ && at_end_) return false;
    DELSTEP_ASSIGN(const Scan scan, ScanRecord());
    if (scan == Scan::kCut) {
      next_line_ = line_;
      DELSTEP_TRY(Fill());
      continue;
    }
    const Place& first = places_.front();
    if (places_.size() == 1 && !first.quoted && first.begin == first.end) continue;
    Resolve();
    return true;
  }
}

}  // namespace delstep
