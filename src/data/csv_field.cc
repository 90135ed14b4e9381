#include "data/csv_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/odd_blank.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

/// A number behind a minus sign or a dash that word processors put in its place.
bool HasOtherMinus(std::string_view field) {
  constexpr std::array<std::string_view, 3> kSigns = {"\u2212", "\u2013", "\u2014"};
  return std::ranges::any_of(kSigns, [field](std::string_view sign) {
    return field.starts_with(sign) && ParseFeature(field.substr(sign.size()));
  });
}

/// Whether all that stands before `decimal` are digits that `thousands`, if there are any, parts into
/// groups of three.
bool AreThousands(std::string_view number, char thousands, char decimal) {
  const std::size_t end = std::min(number.find(decimal), number.size());
  if (number.substr(end).find(thousands) != std::string_view::npos) return false;
  number = number.substr(0, end);
  if (number.starts_with('-') || number.starts_with('+')) number.remove_prefix(1);
  const auto groups = Split(number, thousands);
  if (groups.size() == 1) return groups[0].empty() || AreDigits(groups[0]);
  if (!AreDigits(groups[0]) || groups[0].size() > 3 || groups[0][0] == '0') return false;
  return std::ranges::all_of(std::span(groups).subspan(1), [](std::string_view group) {
    return group.size() == 3 && AreDigits(group);
  });
}

/// What may be done about a number with commas. It is never guessed what a single one before three
/// digits means: 1,234 is over a thousand here and a little more than one there.
std::string CommaHint(std::string_view field) {
  const std::size_t commas = static_cast<std::size_t>(std::ranges::count(field, ','));
  const std::size_t points = static_cast<std::size_t>(std::ranges::count(field, '.'));
  if (commas == 0) return {};
  const auto rewritten = [field](char thousands, char decimal) {
    std::string number(field);
    if (thousands != 0) std::erase(number, thousands);
    std::ranges::replace(number, decimal, '.');
    return number;
  };
  const std::string english = rewritten(',', '.'), german = rewritten('.', ',');
  const bool is_german = commas == 1 && ParseFeature(german) && AreThousands(field, '.', ',');
  const bool is_english = points <= 1 && ParseFeature(english) && AreThousands(field, ',', '.');
  if (is_german && is_english)
    return fmt::format(
        "write {} if the comma stands between thousands, {} if it is a decimal comma", english,
        german);
  if (is_english) return "write no commas between thousands: " + english;
  if (is_german && points > 0)
    return "write a decimal point, and nothing between thousands: " + german;
  return is_german ? "write a decimal point: " + german : std::string();
}

}  // namespace

std::optional<float> ParseFeature(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  float value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && rest == end && std::isfinite(value)) return value;
  // Too small for a float is 0; the others stay wrong.
  const auto wide = ParseReal(text);
  if (error != std::errc::result_out_of_range || !wide || std::abs(*wide) > 1) return std::nullopt;
  return static_cast<float>(*wide);
}

bool AreNumbers(std::span<const std::string> fields) {
  return std::ranges::all_of(
      fields, [](const std::string& field) { return ParseFeature(field).has_value(); });
}

bool AreDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsMissing(std::string_view text) {
  constexpr std::array<std::string_view, 8> kWords = {"na",   "n/a",  "#n/a", "nan",
                                                      "null", "none", "?",    "-"};
  return text.empty() || std::ranges::find(kWords, Lower(text)) != kWords.end();
}

std::optional<unsigned char> WrongByte(std::string_view text) {
  while (const std::size_t size = CodePointSize(text)) text.remove_prefix(size);
  if (text.empty()) return std::nullopt;
  return static_cast<unsigned char>(text.front());
}

FieldFault WhyNoFeature(std::string_view field) {
  field = Trim(field);
  if (field.empty()) return {"is empty", "fill in a number, or leave the record out"};
  if (IsMissing(field)) {
    return {fmt::format("holds {}: a missing value", Excerpt(field)),
            "fill in a number, or leave the record out (pandas: fillna, dropna)"};
  }
  const std::string comma = CommaHint(field);
  const std::string blank = OddBlankHint(field);
  const std::string lower = Lower(field);
  return {fmt::format("holds {}, which is no finite number", Excerpt(field)),
          !comma.empty() ? comma
          : ParseReal(field)
              ? "it is too large for a feature, at most 3.4e38 from 0: divide the column"
          : !blank.empty()       ? blank
          : HasOtherMinus(field) ? "write the minus sign of the keyboard: -"
          : lower == "true" || lower == "false"
              ? "write 1 and 0 (pandas: .astype(int))"
              : "features are decimal numbers such as -0.5; turn texts into numbers "
                "(pandas.get_dummies), or leave the column out"};
}

}  // namespace delstep
