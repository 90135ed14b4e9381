#pragma once
/// Values as text of JSON.
#include <string>
#include <string_view>

namespace delstep {

/// In quotes; bytes that are no UTF-8 become U+FFFD.
std::string JsonString(std::string_view text);
/// The shortest text that reads back as the same double; null for what JSON has no number for.
std::string JsonNumber(double value);

}  // namespace delstep
