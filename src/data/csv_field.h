#pragma once
/// What a field of a table says, by itself: a number, nothing, or a text. And what is wrong with one
/// that should be a number.
///
/// Fields come from files of any origin. A message that only said "no number" would leave people to
/// find out about decimal commas, dashes of word processors and blanks that cannot be seen.
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace delstep {

/// A feature: a finite decimal number, blanks around it and a plus sign before it allowed. Rounded
/// to a float; one too small for a float is 0. Nothing where the field is no such number.
std::optional<float> ParseFeature(std::string_view field);
/// Whether all of them are features.
bool AreNumbers(std::span<const std::string> fields);
/// One or more of 0 to 9, and nothing else.
bool AreDigits(std::string_view text);
/// What tables have where a value is missing: nothing, or a word such as "NaN", "null", "?".
bool IsMissing(std::string_view field);
/// The first byte that is no UTF-8; nothing if all are.
std::optional<unsigned char> WrongByte(std::string_view text);

/// What is wrong with a field, to follow "column 'x'", and what to do about it.
struct FieldFault {
  std::string what;  ///< "is empty"
  std::string hint;
};
/// Requires a field that ParseFeature() does not take. It is never guessed what was meant.
FieldFault WhyNoFeature(std::string_view field);

}  // namespace delstep
