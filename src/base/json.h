#pragma once
/// Values as text of JSON.
#include <string>
#include <string_view>

namespace delstep {

/// In quotes; bytes that are no UTF-8 become U+FFFD.
std::string JsonString(std::string_view text);
/// The shortest text that reads back as the same double; null for what JSON has no number for.
std::string JsonNumber(double value);

/// Whether a parser of JSON stumbled over a NaN or Infinity, which Python's json.dump writes.
/// `token`: what it had read of the word, "weight":N.
bool StumbledOverNaN(std::string_view token);

}  // namespace delstep
