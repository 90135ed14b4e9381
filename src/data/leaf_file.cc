#include "data/leaf_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "base/file_kind.h"
#include "base/json.h"
#include "base/shortened.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr std::size_t kDeepestExample = 8;  // lists in lists: rows, columns, channels and some more
constexpr const char* kLeafForm =
    "expected a file of LEAF: {\"user_data\": {\"ann\": {\"x\": [...], \"y\": [...]}}}, an example "
    "in \"x\" for each label in \"y\", all of one size";

/// A source's bytes one by one.
class LeafBytes {
 public:
  explicit LeafBytes(ByteSource& source) : source_(source) { Refill(); }

  bool AtEnd() const { return next_ == end_; }
  char Peek() const { return static_cast<char>(buffer_[next_]); }
  void Advance() {
    if (++next_ == end_) Refill();
  }
  std::uint64_t offset() const { return before_ + next_; }
  std::optional<Error>& error() { return error_; }

 private:
  void Refill() {
    before_ += end_;
    const bool first = end_ == 0;
    auto got = source_.Read(buffer_);
    if (!got) error_ = std::move(got).error();
    // JSON has no byte 0: a text in UTF-16 is better told by its beginning than by its first byte.
    if (got.ok() && first)
      error_ = NoText({reinterpret_cast<const char*>(buffer_.data()), std::min(*got, kKindBytes)},
                      source_.name());
    next_ = 0;
    end_ = error_ ? 0 : *got;
  }

  ByteSource& source_;
  std::array<std::uint8_t, 65536> buffer_;
  std::size_t next_ = 0, end_ = 0;
  std::uint64_t before_ = 0;
  std::optional<Error> error_;  // of reading
};

/// The input iterator that the parser wants.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  LeafBytes* bytes;  // null for the end

  char operator*() const { return bytes->Peek(); }
  Cursor& operator++() {
    bytes->Advance();
    return *this;
  }
  friend bool operator!=(const Cursor& x, const Cursor&) { return !x.bytes->AtEnd(); }
};

/// Takes what the parser meets. Depth 1 is the outermost object, 2 "user_data", 3 a user, 4 its "x"
/// or "y", 5 an example that is a list.
class LeafHandler {
 public:
  LeafHandler(LeafBytes& bytes, const std::string& name, LeafContent& content)
      : bytes_(bytes), name_(name), content_(content) {}

  Error TakeError() && { return *std::move(error_); }
  bool found_data() const { return found_data_; }

  bool null() { return Expect(Value::kOther); }
  bool boolean(bool) { return Expect(Value::kOther); }
  bool number_integer(std::int64_t value) { return OnNumber(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return OnNumber(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) { return OnNumber(value); }
  bool binary(nlohmann::json::binary_t&) { return Expect(Value::kOther); }
  bool string(std::string& text) {
    if (!Expect(Value::kText)) return false;
    if (!InField()) return true;
    if (field_ == "x") return OnTextExample(text);
    return OnLabel([&] { label_texts_.push_back(std::move(text)); }, label_numbers_.empty());
  }

  bool key(std::string& name) {
    if (depth_ == 1) section_ = std::move(name);
    if (depth_ == 2 && InData()) user_ = std::move(name);
    if (depth_ == 3 && InData()) {
      field_ = std::move(name);
      const bool is_known = field_ == "x" || field_ == "y";
      has_known_field_ = has_known_field_ || is_known;
      if (!is_known && other_fields_.size() < kShortenedWidth)
        other_fields_ += fmt::format("{}\"{}\"", other_fields_.empty() ? "" : ", ", field_);
    }
    return true;
  }
  bool start_object(std::size_t) {
    if (!Expect(Value::kObject)) return false;
    ++depth_;
    if (depth_ == 2 && InData()) found_data_ = true;
    if (depth_ == 3 && InData()) BeginUser();
    return true;
  }
  bool end_object() { return --depth_ != 2 || !InData() || FinishUser(); }
  bool start_array(std::size_t) {
    if (!Expect(Value::kList)) return false;
    ++depth_;
    return !InExample() || depth_ > 5 || BeginListExample();
  }
  bool end_array() {
    const bool is_example = InExample() && depth_ == 5;
    --depth_;
    return !is_example || FinishExample(content_.values.size() - example_begin_, "number");
  }

  template <class Exception>
  bool parse_error(std::size_t, const std::string& token, const Exception&) {
    if (bytes_.error()) {
      error_ = std::move(bytes_.error());
    } else {
      error_ =
          BadFile(fmt::format("'{}', byte {}: {}", name_, bytes_.offset(),
                              bytes_.AtEnd() ? "the JSON ends early"
                                             : "not valid JSON, at '" + Shortened(token) + "'"),
                  JsonHint(token, bytes_.AtEnd()));
    }
    return false;
  }

 private:
  enum class Value : std::uint8_t { kObject, kList, kNumber, kText, kOther };
  using Kind = LeafContent::Kind;

  bool InData() const { return section_ == "user_data"; }
  bool InField() const { return depth_ >= 4 && InData() && (field_ == "x" || field_ == "y"); }
  bool InExample() const { return depth_ >= 5 && InData() && field_ == "x"; }

  static std::string JsonHint(std::string_view token, bool at_end) {
    if (at_end) return "the file is cut off, or a bracket or brace is missing: fetch it again";
    if (StumbledOverNaN(token)) return "JSON has no NaN and no Infinity: leave such examples out";
    if (token.ends_with("}{") || token.ends_with("}\n{"))
      return "a file holds one JSON object: put others into files of their own, in one folder";
    return "a file of LEAF is one JSON object, without comments and commas at the end";
  }

  bool Fail(const std::string& what, std::string hint = kLeafForm) {
    error_ = BadFile(fmt::format("'{}'{}: {}", name_, Position(), what), std::move(hint));
    return false;
  }
  std::string Position() const {
    if (depth_ < 2 || !InData()) return {};
    const std::string user = fmt::format(", user '{}'", Shortened(user_));
    if (!InField()) return user;
    return fmt::format("{}, {}[{}]", user, field_, field_ == "x" ? examples_ : label_count());
  }

  /// Whether such a value may stand here.
  bool Expect(Value value) {
    if (depth_ == 0)
      return value == Value::kObject || Fail("expected an object with \"user_data\"");
    if (!InData() || (depth_ == 3 && field_ != "x" && field_ != "y")) return true;
    if (depth_ == 1) return value == Value::kObject || Fail("\"user_data\" must be an object");
    if (depth_ == 2)
      return value == Value::kObject || Fail("expected an object with \"x\" and \"y\"");
    if (depth_ == 3) return value == Value::kList || Fail("\"" + field_ + "\" must be a list");
    return !InField() || (field_ == "y" ? ExpectLabel(value) : ExpectFeature(value));
  }
  bool ExpectLabel(Value value) {
    return value == Value::kNumber || value == Value::kText ||
           Fail("expected a label: a whole number or a text");
  }
  bool ExpectFeature(Value value) {
    if (depth_ == 4) {
      return value == Value::kList || value == Value::kText ||
             Fail("expected an example: a list of numbers, or a text");
    }
    if (value == Value::kNumber) return true;
    if (value == Value::kList)
      return depth_ < 4 + kDeepestExample || Fail("too many lists in lists");
    return Fail(
        "expected a list of numbers only",
        value == Value::kText ? "turn the words into numbers, or see data.name = text" : kLeafForm);
  }

  bool OnNumber(double value) {
    if (!Expect(Value::kNumber)) return false;
    if (!InField()) return true;
    if (field_ == "x") {
      if (!(std::abs(value) <= std::numeric_limits<float>::max()))
        return Fail(fmt::format("{} is beyond the range of a float", value));
      content_.values.push_back(static_cast<float>(value));
      return true;
    }
    if (!(value >= 0 && value < kMostLeafClasses) || value != std::floor(value))
      return Fail(
          fmt::format("label {}: expected a whole number, 0 to {}", value, kMostLeafClasses - 1));
    return OnLabel([&] { label_numbers_.push_back(static_cast<std::int32_t>(value)); },
                   label_texts_.empty());
  }
  template <class Take>
  bool OnLabel(Take take, bool as_before) {
    if (!as_before) return Fail("labels of a user must be all numbers or all texts");
    take();
    return true;
  }

  bool SetKind(Kind kind) {
    if (content_.kind == Kind::kUnknown) content_.kind = kind;
    return content_.kind == kind ||
           Fail(fmt::format("found a {}, expected a {} as before",
                            kind == Kind::kText ? "text" : "list of numbers",
                            kind == Kind::kText ? "list of numbers" : "text"));
  }
  bool BeginListExample() {
    example_begin_ = content_.values.size();
    return SetKind(Kind::kNumbers);
  }
  bool OnTextExample(std::string_view text) {
    if (!SetKind(Kind::kText)) return false;
    std::size_t length = 0;
    for (std::size_t begin = 0, end = 0; end < text.size(); begin = end, ++length) {
      NextCodePoint(text, end);
      content_.characters.push_back(content_.counts.Add(text.substr(begin, end - begin)));
    }
    return FinishExample(length, "character");
  }
  bool FinishExample(std::size_t size, std::string_view unit) {
    if (size == 0) return Fail("an empty example");
    if (content_.example_size == 0) content_.example_size = size;
    if (size != content_.example_size) {
      return Fail(fmt::format("found {}, expected {} as in the first example", Count(size, unit),
                              content_.example_size));
    }
    ++examples_;
    return true;
  }

  std::size_t label_count() const { return label_numbers_.size() + label_texts_.size(); }
  void BeginUser() {
    examples_ = 0;
    label_numbers_.clear();
    label_texts_.clear();
    field_.clear();
    other_fields_.clear();
    has_known_field_ = false;
  }
  bool FinishUser() {
    // An empty user is a user without data; one with other words is of another form.
    if (!has_known_field_ && !other_fields_.empty())
      return Fail("neither \"x\" nor \"y\", but " + Shortened(other_fields_));
    if (examples_ != label_count())
      return Fail(fmt::format("{} in \"x\", but {} in \"y\"", Count(examples_, "example"),
                              Count(label_count(), "label")));
    if (examples_ == 0) return true;
    const auto [found, is_new] =
        content_.source_of.emplace(user_, static_cast<std::uint32_t>(content_.source_names.size()));
    if (is_new) content_.source_names.push_back(user_);
    content_.sources.insert(content_.sources.end(), examples_, found->second);
    return content_.kind == Kind::kText ? TakeCharacterLabels() : TakeClassLabels();
  }
  bool TakeCharacterLabels() {
    if (!label_numbers_.empty())
      return Fail("\"y\" holds numbers, expected the next character, as \"x\" holds texts",
                  "texts with classes and files' names are not supported");
    for (const std::string& text : label_texts_) {
      std::size_t end = 0;
      if (!text.empty()) NextCodePoint(text, end);
      if (text.empty() || end != text.size())
        return Fail(fmt::format("label '{}': expected the next character", Shortened(text)));
      content_.labels.push_back(static_cast<std::int32_t>(content_.counts.Add(text)));
    }
    return true;
  }
  bool TakeClassLabels() {
    content_.labels.insert(content_.labels.end(), label_numbers_.begin(), label_numbers_.end());
    for (const std::string& text : label_texts_) {
      const auto label = ParseUnsigned(text);
      if (!label || *label >= kMostLeafClasses)
        return Fail(fmt::format("label '{}': expected a whole number, 0 to {}", Shortened(text),
                                kMostLeafClasses - 1));
      content_.labels.push_back(static_cast<std::int32_t>(*label));
    }
    return true;
  }

  LeafBytes& bytes_;
  const std::string& name_;
  LeafContent& content_;
  std::size_t depth_ = 0;               // of open lists and objects
  std::string section_, user_, field_;  // the keys at depths 1, 2, 3
  std::string other_fields_;            // of the user, for a message
  bool has_known_field_ = false;        // of the user: "x" or "y"
  bool found_data_ = false;
  std::size_t examples_ = 0;       // of the user, finished
  std::size_t example_begin_ = 0;  // in content_.values
  std::vector<std::int32_t> label_numbers_;
  std::vector<std::string> label_texts_;
  std::optional<Error> error_;
};

}  // namespace

Result<void> ReadLeafFile(ByteSource& source, LeafContent& into) {
  LeafBytes bytes(source);
  LeafHandler handler(bytes, source.name(), into);
  if (!nlohmann::json::sax_parse(Cursor{&bytes}, Cursor{nullptr}, &handler))
    return std::move(handler).TakeError();
  if (handler.found_data()) return {};
  return BadFile(fmt::format("'{}' has no \"user_data\"", source.name()), kLeafForm);
}

}  // namespace delstep
