// Reading what a helper says. The parser hands over piece by piece, and the first piece that does
// not belong there ends it: so no line, whatever is in it, costs more memory than the rows asked
// for.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.h"
#include "network/remote/protocol.h"

namespace delstep::remote {
namespace {

constexpr std::size_t kQuotedAtMost = 80;
constexpr std::size_t kLongestText = 4096;  // of an error or a version

// Those that a network may give; the others are the core's own (LossReason).
std::optional<LossReason> ReasonCalled(std::string_view name) {
  for (const LossReason reason : {LossReason::kLoss, LossReason::kDown, LossReason::kExpired,
                                  LossReason::kUnreachable, LossReason::kDetached})
    if (Name(reason) == name) return reason;
  return std::nullopt;
}

/// Takes what the parser meets. Members return false at what cannot be; wrong() says what it was.
class AnswerHandler {
 public:
  explicit AnswerHandler(std::size_t most_ended) : most_ended_(most_ended) {}

  const std::string& wrong() const { return wrong_; }

  // What the parser calls.
  bool null() {
    if (place_ != Place::kObject || !Is("forked")) return PassedAs("a null");
    return number_unsigned(0);
  }
  bool boolean(bool) { return Passed(); }
  bool number_integer(std::int64_t) { return Refuse("a number below 0"); }
  // The parser says so too of a whole number that is too large for 64 bits.
  bool number_float(double, const std::string&) { return PassedAs("a number that is not whole"); }
  bool binary(nlohmann::json::binary_t&) { return Refuse("bytes"); }
  bool number_unsigned(std::uint64_t number) {
    if (place_ == Place::kRow) return TakeColumn(number);
    if (place_ != Place::kObject) return Refuse("a number");
    if (!IsKnown(key_)) return true;
    if (!Is("hello") && !Is("alive") && !Is("forked") && !Is("now")) return Refuse("a number");
    auto& value = Is("hello") ? hello_ : Is("alive") ? alive_ : Is("forked") ? forked_ : now_;
    // JSON lets a name come twice, and readers disagree on which one counts: so neither does.
    if (value) return Refuse("a second value");
    value = number;
    return true;
  }
  bool string(std::string& text) {
    if (place_ == Place::kRow) return TakeReason(text);
    if (place_ != Place::kObject) return Refuse("a text");
    if (!IsKnown(key_)) return true;
    if (!Is("version") && !Is("error") && !Is("hint")) return Refuse("a text");
    if (text.size() > kLongestText) return Refuse("a text of such length");
    auto& value = Is("version") ? version_ : Is("error") ? error_ : hint_;
    if (value) return Refuse("a second value");
    value = text;
    return true;
  }
  bool start_object(std::size_t) {
    if (place_ != Place::kOutside) return Refuse("an object");
    place_ = Place::kObject;
    return true;
  }
  bool key(std::string& key) {
    key_ = key;
    return true;
  }
  bool end_object() {
    place_ = Place::kOutside;
    return true;
  }
  bool start_array(std::size_t) {
    if (place_ == Place::kObject && Is("ended") && !ended_) {
      ended_.emplace();
      place_ = Place::kList;
      return true;
    }
    if (place_ != Place::kList) return Refuse("a list");
    // Before the row takes memory.
    if (ended_->size() >= most_ended_) return Refuse("more rows than messages are on the way");
    row_ = {};
    columns_ = 0;
    place_ = Place::kRow;
    return true;
  }
  bool end_array() {
    if (place_ == Place::kList) {
      place_ = Place::kObject;
      return true;
    }
    if (columns_ != kColumns) return Refuse("a row that is not [id, sent, at, reason]");
    ended_->push_back(row_);
    place_ = Place::kList;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    wrong_ = "no JSON object";
    return false;
  }

  /// What all of it is together: exactly one kind of answer. Nothing: none, or more than one.
  std::optional<Answer> Take() {
    // Members may come in any order, so what it all is can be said only in the end.
    const bool passing = now_ && ended_;
    if ((now_.has_value() != ended_.has_value()) || hello_.has_value() + alive_.has_value() +
                                                            forked_.has_value() +
                                                            error_.has_value() + passing !=
                                                        1)
      return std::nullopt;
    if (error_) return Failed{*std::move(error_), std::move(hint_).value_or("")};
    if (hello_) {
      if (*hello_ != kProtocol || !version_) return std::nullopt;
      return Hello{*std::move(version_)};
    }
    if (forked_) {
      if (*forked_ > std::numeric_limits<int>::max()) return std::nullopt;
      return Forked{static_cast<int>(*forked_)};
    }
    const auto time = TimeOf(passing ? *now_ : *alive_);
    if (!time) return std::nullopt;
    if (alive_) return Alive{*time};
    return Passing{*time, *std::move(ended_)};
  }

 private:
  enum class Place : std::uint8_t { kOutside, kObject, kList, kRow };
  static constexpr int kColumns = 4;

  static bool IsKnown(std::string_view key) {
    constexpr std::array<std::string_view, 8> kKnown{"hello", "version", "alive", "forked",
                                                     "now",   "ended",   "error", "hint"};
    return std::ranges::find(kKnown, key) != kKnown.end();
  }
  static std::optional<SimTime> TimeOf(std::uint64_t number) {
    if (number > static_cast<std::uint64_t>(Duration::max().count())) return std::nullopt;
    return SimTime(Duration(static_cast<std::int64_t>(number)));
  }
  bool Is(std::string_view key) const { return key_ == key; }
  bool Refuse(std::string_view what) {
    wrong_ = fmt::format("{}{}", what,
                         place_ == Place::kOutside ? " instead of an object"
                         : place_ == Place::kRow   ? " in a row of `ended`"
                                                   : fmt::format(" at {}", Quoted(key_)));
    return false;
  }
  bool Passed() { return PassedAs("a truth value"); }
  /// A value that no known member may have.
  bool PassedAs(std::string_view what) {
    return (place_ == Place::kObject && !IsKnown(key_)) || Refuse(what);
  }
  bool TakeColumn(std::uint64_t number) {
    const auto time = TimeOf(number);
    switch (columns_++) {
      case 0:
        row_.message = MessageId{number};
        return true;
      case 1:
        if (time) row_.sent = *time;
        return time || Refuse("a time beyond the end of time");
      case 2:
        if (time) row_.at = *time;
        return time || Refuse("a time beyond the end of time");
      default:
        return Refuse("a number as a reason");
    }
  }
  bool TakeReason(std::string_view text) {
    if (columns_++ != kColumns - 1) return Refuse("a text that is not at the end");
    row_.lost = ReasonCalled(text);
    return text.empty() || row_.lost || Refuse(Quoted(text));
  }

  std::size_t most_ended_;
  Place place_ = Place::kOutside;
  std::string key_, wrong_;
  std::optional<std::uint64_t> hello_, alive_, forked_, now_;
  std::optional<std::string> version_, error_, hint_;
  std::optional<std::vector<End>> ended_;
  End row_;
  int columns_ = 0;
};

}  // namespace

Result<Answer> ReadAnswer(std::string_view line, std::size_t most_ended) {
  AnswerHandler handler(most_ended);
  if (!nlohmann::json::sax_parse(line, &handler))
    return Unavailable(fmt::format("{} in {}", handler.wrong(), Quoted(line)));
  auto answer = handler.Take();
  if (!answer) return Unavailable(fmt::format("{} is no answer", Quoted(line)));
  return *std::move(answer);
}

std::string Quoted(std::string_view text) {
  // Cut between two characters of UTF-8: a half one would be shown as damage of the line.
  std::size_t size = std::min(text.size(), kQuotedAtMost);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;
  return JsonString(text.substr(0, size)) + (size < text.size() ? "..." : "");
}

}  // namespace delstep::remote
