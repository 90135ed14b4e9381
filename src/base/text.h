#pragma once
/// Small helpers for text; they know no word of the domain.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace delstep {

std::string_view Trim(std::string_view text);
/// Splits at every `separator`; an empty text is one empty part.
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Join(std::span<const std::string> parts, std::string_view separator);
std::string Lower(std::string_view text);

/// The whole text as a number, in decimal and without sign or blanks around; else nothing.
std::optional<std::uint64_t> ParseUnsigned(std::string_view text);
/// Finite only: no "inf", "nan" or hexadecimal. ".05", "5." and "+1" are numbers; what is too small
/// for a double, "1e-400", is 0. There is no -0: it is 0.
std::optional<double> ParseReal(std::string_view text);

/// The shortest text that reads back as the same double: "0.1", "1e-05".
std::string ShortestReal(double value);

/// Optimal-string-alignment distance (insert, delete, replace, swap neighbours).
std::size_t EditDistance(std::string_view a, std::string_view b);
/// The nearest of `known` if it is near enough to be a slip of `word`, else empty.
std::string_view Nearest(std::string_view word, std::span<const std::string> known);
/// "did you mean 'train'?", or "" where nothing is near.
std::string DidYouMean(std::string_view word, std::span<const std::string> known);

/// "1 node", "12 nodes".
std::string Count(std::uint64_t number, std::string_view noun);
/// "1.5 KiB", "12 B".
std::string HumanBytes(std::uint64_t bytes);

}  // namespace delstep
