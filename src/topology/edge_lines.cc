#include "topology/edge_lines.h"

#include <algorithm>

#include "base/cells.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr std::string_view kWhite = " \t\r\f\v";

bool IsComment(std::string_view line) {
  // The last one is Excel's: it names the separator.
  return line.starts_with('%') || line.starts_with("//") || line.starts_with(';') ||
         (line.starts_with("sep=") && Trim(line).size() <= 5);
}

/// Where a comment begins at the end of a line: `#` outside quotes and dictionaries, `//` and `%`
/// after a blank.
std::size_t EndOfContent(std::string_view line) {
  char quote = 0;
  bool in_dictionary = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || (c == '\'' && in_dictionary)) {
      quote = c;
    } else if (c == '{') {
      in_dictionary = true;
    } else if (c == '#' || (IsComment(line.substr(at)) && c != ';' && c != 's' && at > 0 &&
                            kWhite.find(line[at - 1]) != kWhite.npos)) {
      return at;
    }
  }
  // An open quote is no reason to take a comment for content.
  return quote == 0 ? line.size() : std::min(line.find('#'), line.size());
}

/// Reads a dictionary.
class DictionaryReader {
 public:
  explicit DictionaryReader(std::string_view text) : text_(text) {}

  std::optional<std::vector<std::pair<std::string, std::string>>> Read() {
    std::vector<std::pair<std::string, std::string>> entries;
    if (!Take('{')) return std::nullopt;
    while (!Take('}')) {
      auto name = Quoted();
      if (!name || !Take(':')) return std::nullopt;
      auto value = Value();
      if (!value) return std::nullopt;
      entries.emplace_back(*std::move(name), *std::move(value));
      if (!Take(',') && !Sees('}')) return std::nullopt;
    }
    Skip();
    if (at_ != text_.size()) return std::nullopt;
    return entries;
  }

 private:
  void Skip() {
    while (at_ < text_.size() && kWhite.find(text_[at_]) != kWhite.npos) ++at_;
  }
  bool Sees(char c) {
    Skip();
    return at_ < text_.size() && text_[at_] == c;
  }
  bool Take(char c) {
    const bool sees = Sees(c);
    at_ += sees;
    return sees;
  }

  std::optional<std::string> Quoted() {
    Skip();
    if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) return std::nullopt;
    const char quote = text_[at_++];
    std::string text;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return text;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      text += text_[at_];
    }
    return std::nullopt;
  }

  /// Brackets inside are counted, not read.
  std::optional<std::string> Value() {
    Skip();
    if (at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"')) return Quoted();
    const std::size_t start = at_;
    std::size_t open = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (open == 0 && (c == ',' || c == '}')) break;
      if (c == '\'' || c == '"') {
        if (!Quoted()) return std::nullopt;
        --at_;
      } else if (c == '{' || c == '[' || c == '(') {
        ++open;
      } else if (c == '}' || c == ']' || c == ')') {
        if (open-- == 0) return std::nullopt;
      }
    }
    return std::string(Trim(text_.substr(start, at_ - start)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool IsPunctuation(std::string_view word) {
  return std::ranges::none_of(word, [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

Result<void> EachEdgeLine(std::string_view text,
                          const std::function<Result<void>(const EdgeLine&)>& visit) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    EdgeLine line;
    line.offset = start;
    line.text = text.substr(start, end - start);
    start = end + 1;
    const auto first = line.text.find_first_not_of(kWhite);
    if (first == line.text.npos || IsComment(line.text.substr(first))) continue;
    line.text = line.text.substr(0, EndOfContent(line.text));
    if (Trim(line.text).empty()) continue;
    const auto brace = line.text.find('{');
    if (brace != line.text.npos) line.dictionary = Trim(line.text.substr(brace));
    if (auto fields = FieldsOfLine(line.text.substr(0, brace))) line.fields = *std::move(fields);
    DELSTEP_TRY(visit(line));
  }
  return {};
}

std::optional<std::vector<std::pair<std::string, std::string>>> ReadDictionary(
    std::string_view text) {
  return DictionaryReader(text).Read();
}

}  // namespace delstep
