#include "traces/trace_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/cells.h"
#include "base/file_kind.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "traces/tracks.h"

namespace delstep {
namespace {

constexpr std::size_t kReadAtOnce = std::size_t{1} << 16, kLongestLine = std::size_t{64} << 20;
constexpr std::string_view kBlanks = " \t\r\f\v";

}  // namespace

TraceLines::TraceLines(ByteSource& source) : source_(source) {}

Error TraceLines::Wrong(std::string message, std::string hint) const {
  return BadFile(std::move(message), std::move(hint)).At(fmt::format("{}:{}", file(), number_));
}

/// Drops what is consumed and reads on.
Result<void> TraceLines::Fill() {
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::size_t known = buffer_.size();
  if (known > kLongestLine)
    return Wrong(fmt::format("a line of more than {}", HumanBytes(kLongestLine)),
                 "is this a text file?");
  // More at once for long lines, so that none is copied again and again.
  const std::size_t room = std::max(kReadAtOnce, known);
  buffer_.resize(known + room);
  DELSTEP_ASSIGN(const std::size_t got,
                 source_.Read({reinterpret_cast<std::uint8_t*>(buffer_.data()) + known, room}));
  at_end_ = got < room;
  buffer_.resize(known + got);
  if (!std::exchange(begun_, true)) {
    if (auto wide = WideText(buffer_, file())) return *std::move(wide);
    if (buffer_.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
    if (buffer_.find('\n') == buffer_.npos && buffer_.find('\r') != buffer_.npos) line_end_ = '\r';
  }
  if (std::memchr(buffer_.data() + known, 0, got) != nullptr)
    return Wrong("a byte 0 in this line or below it: this is no text file");
  return {};
}

Result<bool> TraceLines::Next() {
  ++number_;
  // Where to look on after the buffer has grown: what was looked through has no line end.
  std::size_t seen = 0;
  for (;;) {
    const std::size_t end = buffer_.find(line_end_, begin_ + seen);
    if (end == buffer_.npos && !at_end_) {
      seen = buffer_.size() - begin_;
      DELSTEP_TRY(Fill());
      continue;
    }
    if (end == buffer_.npos && begin_ == buffer_.size()) return false;
    line_ = std::string_view(buffer_).substr(begin_, end - begin_);
    if (end == buffer_.npos) line_ = std::string_view(buffer_).substr(begin_);
    begin_ = end == buffer_.npos ? buffer_.size() : end + 1;
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    return true;
  }
}

Result<bool> TraceLines::NextContent() {
  for (;;) {
    DELSTEP_ASSIGN(const bool more, Next());
    if (!more) return false;
    const auto first = line_.find_first_not_of(kBlanks);
    if (first != line_.npos && line_[first] != '#') return true;
  }
}

Result<double> TraceLines::Number(std::string_view text, std::string_view what) const {
  const auto number = ParseReal(text);
  if (!number) {
    return Wrong(
        fmt::format("{} is {}, expected a finite number such as 12.5", what, Excerpt(text)),
        PointHint(text));
  }
  if (std::abs(*number) > kFarthest)
    return Wrong(
        fmt::format("{} is {}; allowed are numbers up to {:.0e}", what, Excerpt(text), kFarthest));
  return *number;
}

Result<SimTime> TraceLines::Moment(std::string_view text, std::string_view what) const {
  const auto seconds = ParseReal(text);
  const auto moment = seconds ? MomentOf(*seconds) : std::nullopt;
  if (!moment)
    return Wrong(fmt::format("{} is {}, expected seconds from 0 to {:.0e}", what, Excerpt(text),
                             kLatestSecond),
                 PointHint(text));
  return *moment;
}

void SplitWords(std::string_view line, std::vector<std::string_view>& words) {
  words.clear();
  for (std::size_t at = 0;;) {
    at = line.find_first_not_of(kBlanks, at);
    if (at == line.npos) return;
    const std::size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
}

}  // namespace delstep
